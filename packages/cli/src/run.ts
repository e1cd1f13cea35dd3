import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addAnswers, addDiagram } from './answer/command-line.ts'
import { addCheck } from './check/command-line.ts'
import { examples } from './command/command-option.ts'
import { type Terminal, write } from './command/terminal.ts'
import { UsageError } from './command/usage-error.ts'

/** Exit codes: 0 without findings, 1 with findings or a "no", 2 for wrong usage or an unreadable file. */
type ExitCode = number

/** Runs one command line, without the program's name, and gives its exit code. Never throws for what a user can do wrong. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const exitWith = (code: ExitCode) => {
    exitCode = code
  }
  const program = createProgram(terminal, exitWith)
  if (args[0] !== 'check') {
    // Many options, of which a check, that is called again and again, needs none.
    const [{ addServe }, { addCallCommands }, { addEmulate }, { addInspect }] = await Promise.all([
      import('./serve/command-line.ts'),
      import('./calls/command-line.ts'),
      import('./emulate/command-line.ts'),
      import('./inspect/command-line.ts'),
    ])
    addServe(program, terminal, exitWith)
    addCallCommands(program, terminal, exitWith)
    addEmulate(program, terminal, exitWith)
    addInspect(program, terminal, exitWith)
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof UsageError)) throw error
    await write(terminal.stderr, `error: ${error.message}\n`)
    return 2
  }
}

type Answer = (code: ExitCode) => void

function createProgram(terminal: Terminal, exitWith: Answer): Command {
  const program = new Command('callstate')
    .description(
      'Check logs of call webhooks, track calls, emulate providers, and ask the state machine of phone calls.',
    )
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .addHelpText(
      'after',
      examples('callstate check webhooks.ndjson', 'callstate explain ringing completed'),
    )
  addCheck(program, terminal, exitWith)
  addAnswers(program, terminal, exitWith)
  addDiagram(program, terminal)
  return program
}

/** The package's version. `package.json` lies one folder up, of the sources and of the built file alike. */
function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
