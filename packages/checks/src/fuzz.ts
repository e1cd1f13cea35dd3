// `pnpm fuzz [ROUNDS]`: the laws of observation and the tests of hostile input again and again, each
// round with new random examples, and the laws with ten times as many as a check draws; 20 rounds by
// default. It stops at the first failure, which prints the seed that repeats it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './command.ts'

const TESTS = [
  'observe.laws',
  'status.test',
  'transition.test',
  'providers',
  'conformance',
  'diagram',
  'check-log',
  'json-text',
  'line-blocks',
  'packed-call',
]

const rounds = Number(process.argv[2] ?? 20)
if (!Number.isSafeInteger(rounds) || rounds < 1) {
  console.error('pnpm fuzz takes a number of rounds, such as: pnpm fuzz 20')
  process.exit(2)
}
for (let round = 1; round <= rounds; round++) {
  console.log(`\n━━ round ${round} of ${rounds}`)
  const { status } = spawnSync(
    join(ROOT, 'node_modules/.bin/vitest'),
    ['run', '--config', 'vitest.workspace.ts', '--typecheck.enabled=false', ...TESTS],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, LAW_RUNS: '30000' } },
  )
  if (status !== 0) process.exit(1)
}
