// `pnpm fuzz [ROUNDS]`: the laws of observation, the tests of hostile input and all others of the library
// and of the command line that draw their examples at random, again and again, each round with new ones,
// and the laws with ten times as many as a check draws; 20 rounds by default. It stops at the first
// failure, which prints the seed that repeats it.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './command.ts'

const SOURCES = ['packages/callstate/src', 'packages/cli/src']

const rounds = Number(process.argv[2] ?? 20)
if (!Number.isSafeInteger(rounds) || rounds < 1) {
  console.error('pnpm fuzz takes a number of rounds, such as: pnpm fuzz 20')
  process.exit(2)
}
const tests = SOURCES.flatMap(randomTests)
for (let round = 1; round <= rounds; round++) {
  console.log(`\n━━ round ${round} of ${rounds}`)
  const { status } = spawnSync(
    join(ROOT, 'node_modules/.bin/vitest'),
    ['run', '--config', 'vitest.workspace.ts', '--typecheck.enabled=false', ...tests],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, LAW_RUNS: '30000' } },
  )
  if (status !== 0) process.exit(1)
}

/** The tests below a folder that draw their examples at random. */
function randomTests(folder: string): string[] {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
  const found = paths.filter((path) =>
    readFileSync(join(ROOT, path), 'utf8').includes('fc.assert('),
  )
  if (found.length === 0) throw new Error(`No test in ${folder} draws its examples at random.`)
  return found
}
