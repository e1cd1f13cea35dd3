// `node scripts/mutate.ts --quick`: the shortened mutation run that belongs to every check. It changes
// one small file in every way it can and runs only the tests beside that file; `pnpm mutate` does so
// with the whole core, the machine and the providers.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT, run } from './command.ts'

const QUICK_FILE = 'packages/callstate/src/retry-policy'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const quick = ['--mutate', `${QUICK_FILE}.ts`, '--reporters', 'clear-text']
const { code, output } = await run(
  join(ROOT, 'node_modules/.bin/stryker'),
  ['run', ...(values.quick ? quick : [])],
  { env: values.quick ? { MUTATION_TESTS: `${QUICK_FILE}.test.ts` } : {} },
)
console.log(output)
process.exitCode = code
