/**
 * The main job, shown: `callstate check` on the logs in `examples/`, run from the sources. The bad days
 * have findings, and then the command ends with 1; here that is the point, and no failure.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const days = ['bolna-clean-day', 'bolna-bad-day', 'dialgen-clean-day', 'dialgen-bad-day']
const args = ['check', ...days.map((day) => `examples/${day}.ndjson`)]

console.log('Two clean days, and two with faults planted in them:\n')
console.log(`$ callstate ${args.join(' ')}\n`)
const { status } = spawnSync(
  process.execPath,
  ['--conditions=@callstate/source', 'packages/cli/src/main.ts', ...args],
  { cwd: root, stdio: 'inherit' },
)
if (status !== 0 && status !== 1) {
  console.error(`callstate check ended with ${status}; 0 or 1 was expected.`)
  process.exitCode = 1
} else {
  console.log('\nMore: README.md, docs/guides, and the same command on a log of your own.')
}
