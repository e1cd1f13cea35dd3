// `pnpm mutate`: changes the core, the machines, envelopes and providers in every way that Stryker knows, runs
// the tests for each change, and fails where too few of them are noticed. The parts run one after the
// other, each with the tests beside it, so that a part neither waits for tests that cannot reach it nor
// fills the memory. `--only NAME` runs one part; `--quick` changes one small file and belongs to every check.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PROVIDERS } from '../../callstate/src/providers/all.ts'
import { ROOT } from './command.ts'
import { textTable } from './table.ts'

/** The share of changes that the tests must notice, in every part. */
const LEAST_PERCENT = 95

const SOURCE = 'packages/callstate/src'

interface Part {
  readonly name: string
  /** The files that are changed. */
  readonly files: readonly string[]
  /** The tests that run for each change. */
  readonly tests: readonly string[]
}

/** All of the library but what draws it, says it in words or makes examples of it. */
const PARTS: readonly Part[] = [
  partOf('core', '.'),
  partOf('machines', 'machine'),
  partOf('envelopes', 'envelope'),
  partOf('origins', 'providers/origin'),
  partOf('bodies', 'providers/body'),
  { ...partOf('providers, shared', 'providers'), tests: [`${SOURCE}/providers/**/*.test.ts`] },
  ...PROVIDERS.map(({ name }) => partOf(name, `providers/${name}`)),
]

const QUICK: Part = {
  name: 'quick',
  files: [`${SOURCE}/retry-policy.ts`],
  tests: [`${SOURCE}/retry-policy.test.ts`],
}

const NO_SOURCES = ['test', 'test-d', 'fixture'].map((kind) => `!${SOURCE}/**/*.${kind}.ts`)

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
})
const { only } = values
const wanted = values.quick
  ? [QUICK]
  : PARTS.filter(({ name }) => only === undefined || only.includes(name))
if (wanted.length === 0) {
  throw new Error(`Expected --only to be one of: ${PARTS.map(({ name }) => name).join(', ')}.`)
}

await mkdir(join(ROOT, 'reports'), { recursive: true })
const results: { readonly name: string; readonly score: Score }[] = []
for (const part of wanted) {
  console.log(`\n━━ ${part.name}`)
  results.push({ name: part.name, score: await mutate(part) })
}
const rows = results.map(({ name, score: { killed, all, percent } }) => [
  name,
  `${killed} of ${all}`,
  `${percent.toFixed(1)} %`,
])
console.log(`\n${textTable(['part', 'noticed', 'share'], rows)}`)
if (results.some(({ score }) => score.percent < LEAST_PERCENT)) {
  console.log(
    `Expected at least ${LEAST_PERCENT} % in every part; the changes that lived stand above.`,
  )
  process.exitCode = 1
}

/** A folder's files, with the tests that lie beside them. */
function partOf(name: string, folder: string): Part {
  const path = join(SOURCE, folder)
  return { name, files: [`${path}/*.ts`], tests: [`${path}/*.test.ts`] }
}

interface Score {
  readonly killed: number
  readonly all: number
  readonly percent: number
}

async function mutate({ name, files, tests }: Part): Promise<Score> {
  const report = `reports/mutation-${name.replace(/\W+/g, '-')}.json`
  const mutated = [...files, ...NO_SOURCES, `!${SOURCE}/**/index.ts`].join(',')
  const reporters = values.quick ? 'clear-text,json' : 'progress-append-only,clear-text,json'
  // Its output goes straight on: a part takes minutes, and says how far it is.
  const stryker = spawn(
    join(ROOT, 'packages/checks/node_modules/.bin/stryker'),
    ['run', 'packages/checks/stryker.config.mjs', '--mutate', mutated, '--reporters', reporters],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, MUTATION_TESTS: tests.join(','), MUTATION_REPORT: report },
    },
  )
  const [code] = await once(stryker, 'close')
  if (code !== 0) throw new Error(`Stryker ended with code ${code}; its output is above.`)
  return scoreOf(JSON.parse(await readFile(join(ROOT, report), 'utf8')))
}

interface Report {
  readonly files: Readonly<
    Record<string, { readonly mutants: readonly { readonly status: string }[] }>
  >
}

function scoreOf({ files }: Report): Score {
  const statuses = Object.values(files).flatMap(({ mutants }) =>
    mutants.map(({ status }) => status),
  )
  const count = (...wanted: string[]) => statuses.filter((status) => wanted.includes(status)).length
  const killed = count('Killed', 'Timeout')
  const all = killed + count('Survived', 'NoCoverage')
  // A run that changed nothing proves nothing.
  if (all === 0) throw new Error('Stryker changed nothing: the file patterns fit no file.')
  return { killed, all, percent: (killed / all) * 100 }
}
