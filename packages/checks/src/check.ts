// Everything that must hold before a change is accepted, in one command: `pnpm check`.
//
// Steps run two at a time (the machines that run this have two cores), each as soon as the steps it
// builds on have passed. What a step prints is shown in one piece when it ends, so nothing is mixed.
// The first step that fails stops the others and the whole command.

import { type CommandResult, ROOT, run } from './command.ts'
import { textTable } from './table.ts'
import { typeChecks } from './type-checks.ts'

interface Step {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  /** Whether what it prints matters only when it fails. */
  readonly quiet?: boolean
  /** Names of the steps that must have passed before. */
  readonly after?: readonly string[]
}

/** The longest first, so that none is left to run alone at the end; those that wait for a step are passed over. */
const STEPS: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'ci', '--colors=off', '.'] },
  { name: 'build', command: ['pnpm', '-r', 'build'], quiet: true },
  {
    name: 'unit, property and documentation tests',
    // The tests of types are among what the compiler checks below.
    command: ['vitest', 'run', '--config', 'vitest.workspace.ts', '--typecheck.enabled=false'],
    after: ['build'],
  },
  {
    name: 'packages',
    command: ['node', 'packages/checks/src/check-packages.ts'],
    after: ['build'],
  },
  {
    name: 'benchmarks, shortened',
    command: ['node', 'packages/benches/src/main.ts', '--quick'],
    after: ['build'],
  },
  { name: 'API', command: ['node', 'packages/checks/src/check-api.ts'], after: ['build'] },
  ...typeChecks().map(({ name, folder }) => ({
    name: `types: ${name}`,
    command: ['tsc', '--noEmit', '-p', folder] as const,
  })),
  { name: 'mutation, shortened', command: ['node', 'packages/checks/src/mutate.ts', '--quick'] },
  { name: 'size', command: ['node', 'packages/checks/src/check-size.ts'], after: ['build'] },
]

const AT_ONCE = 2

const start = performance.now()
const stopper = new AbortController()
process.once('SIGINT', () => stopper.abort())
const results = new Map<string, CommandResult>()
const failed = await runAll()
printSummary(failed)
process.exitCode = failed === undefined ? 0 : 1

/** Runs the steps and returns the first that failed. */
async function runAll(): Promise<Step | undefined> {
  const waiting = [...STEPS]
  const running = new Map<string, Promise<Step>>()
  while (waiting.length > 0 || running.size > 0) {
    while (running.size < AT_ONCE) {
      const next = waiting.findIndex(
        (step) => step.after?.every((name) => results.has(name)) ?? true,
      )
      const step = waiting[next]
      if (step === undefined) break
      waiting.splice(next, 1)
      running.set(step.name, runStep(step))
    }
    if (running.size === 0) throw new Error('The steps wait for one another.')
    const ended = await Promise.race(running.values())
    running.delete(ended.name)
    if (results.get(ended.name)?.code !== 0) {
      stopper.abort()
      await Promise.all(running.values())
      return ended
    }
  }
  return undefined
}

async function runStep(step: Step): Promise<Step> {
  const [command, ...args] = step.command
  const path = `${ROOT}node_modules/.bin:${process.env['PATH']}`
  const { signal } = stopper
  const result = await run(command, args, { env: { PATH: path, NO_COLOR: '1' }, signal })
  results.set(step.name, result)
  if (!signal.aborted) printStep(step, result)
  return step
}

function printStep(step: Step, { code, output, seconds }: CommandResult): void {
  const mark = code === 0 ? 'passed' : 'FAILED'
  console.log(`\n━━ ${step.name}: ${mark} in ${seconds.toFixed(1)} s (${step.command.join(' ')})`)
  if (output.trim() !== '' && !(step.quiet && code === 0)) console.log(output.trimEnd())
}

function printSummary(failed: Step | undefined): void {
  const rows = STEPS.map((step) => {
    const result = results.get(step.name)
    if (result === undefined) return [step.name, 'not run', '']
    const state = result.code === 0 ? 'passed' : step === failed ? 'FAILED' : 'stopped'
    return [step.name, state, result.seconds.toFixed(1)]
  })
  const total = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`\n━━ summary\n${textTable(['step', 'result', 'seconds'], rows)}`)
  console.log(
    failed === undefined
      ? `All passed in ${total} s.`
      : `Failed at "${failed.name}" after ${total} s; its output is above.`,
  )
}
