import { readFileSync } from 'node:fs'
import { checkTransition } from 'callstate'
import { Argument, Command, CommanderError, Option } from 'commander'
import { classificationText, classify } from './answer/classify.ts'
import { DIAGRAM_FORMATS, type DiagramFormat, drawCall, drawMachine } from './answer/diagram.ts'
import { explanationText } from './answer/explain.ts'
import { nextOf, nextText } from './answer/next.ts'
import {
  CHECK_FORMATS,
  type CheckOptions,
  defaultWorkers,
  findCall,
  runCheck,
} from './check/check-command.ts'
import { PROVIDER_NAMES } from './check/known-providers.ts'
import { MAX_LINE_BYTES } from './check/line-blocks.ts'
import { atLeast, examples, formatOption } from './command-option.ts'
import { statusArgument, UsageError } from './status-word.ts'
import { type Colors, colorsOf, jsonText, type Terminal, write } from './terminal.ts'

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
    const [{ addTrackerCommands }, { addEmulate }, { addInspect }] = await Promise.all([
      import('./serve/command-line.ts'),
      import('./emulate/command-line.ts'),
      import('./inspect/command-line.ts'),
    ])
    addTrackerCommands(program, terminal, exitWith)
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
  return program
}

function addCheck(program: Command, terminal: Terminal, exitWith: Answer): void {
  program
    .command('check')
    .description(
      'Read logs of webhooks, one JSON body or envelope a line, and tell what became of every call.',
    )
    .argument('[FILE...]', 'NDJSON, also gzipped; "-" or none is standard input')
    .addOption(formatOption(CHECK_FORMATS, 'text'))
    .addOption(
      new Option('--provider <name>', 'whose webhooks they are; auto tells it by shape')
        .choices([...PROVIDER_NAMES, 'auto'])
        .default('auto'),
    )
    .option('--strict', 'count late and skipped statuses as findings', false)
    .option('--max-line-bytes <n>', 'longer lines are invalid', atLeast(1), MAX_LINE_BYTES)
    .option(
      '--workers <n>',
      'threads that read beside the main one; 0 for none',
      atLeast(0),
      defaultWorkers(),
    )
    .addHelpText(
      'after',
      `
An envelope is {"provider"?, "receivedAt"?, "headers"?, "body"}; its body is an object or JSON text.
Exit code: 0 without findings, 1 with findings, 2 for wrong usage or an unreadable file.
${examples(
  'callstate check webhooks.ndjson',
  'callstate check --strict monday.ndjson.gz tuesday.ndjson.gz',
  'zcat logs.gz | callstate check --format ndjson | jq -c "select(.settled | not)"',
)}`,
    )
    .action(async (files: string[], options: CheckOptions) => {
      exitWith(await runCheck(files, options, terminal))
    })
}

function addAnswers(program: Command, terminal: Terminal, exitWith: Answer): void {
  const colors = colorsOf(terminal)
  const answer = async <Value>(
    value: Value,
    { format }: { format: string },
    picture: (value: Value, colors: Colors) => string,
  ) => {
    const text = format === 'json' ? jsonText(value) : picture(value, colors)
    await write(terminal.stdout, text)
  }
  const format = () => formatOption(['text', 'json'], 'text')
  program
    .command('classify')
    .description('Say of each status whether it ends an attempt, its phase and its group.')
    .argument('<STATUS...>', 'status words of the 16, or other spellings of them')
    .addOption(format())
    .addHelpText(
      'after',
      `\nExit code: 0, or 1 where a word is none of the 16 statuses.\n${examples('callstate classify call-disconnected busy', 'callstate classify no_answer --format json')}`,
    )
    .action(async (words: string[], options: { format: string }) => {
      const answers = words.map(classify)
      await answer(answers, options, classificationText)
      exitWith(answers.some(({ status }) => status === null) ? 1 : 0)
    })
  program
    .command('next')
    .description('List the statuses that may legally follow, and how each move is known.')
    .argument('<STATUS>', 'one of the 16 statuses')
    .addOption(format())
    .addHelpText(
      'after',
      `\nExit code: 0, or 2 for a word that is no status.\n${examples('callstate next ringing', 'callstate next queued --format json')}`,
    )
    .action((word: string, options: { format: string }) =>
      answer(nextOf(statusArgument(word)), options, nextText),
    )
  program
    .command('explain')
    .description('Say whether a call may move from one status to another, and why.')
    .addArgument(new Argument('<FROM>', 'the status that the call has'))
    .addArgument(new Argument('<TO>', 'the status that it would get'))
    .addOption(format())
    .addHelpText(
      'after',
      `\nExit code: 0 for a legal move, 1 for an illegal one, 2 for a word that is no status.\n${examples('callstate explain ringing completed', 'callstate explain busy queued --format json')}`,
    )
    .action(async (from: string, to: string, options: { format: string }) => {
      const check = checkTransition(statusArgument(from) as string, statusArgument(to))
      await answer(check, options, explanationText)
      exitWith(check.ok ? 0 : 1)
    })
  program
    .command('diagram')
    .description('Draw the state machine, or with --call the history of one call in a log.')
    .argument('[FILE...]', 'the log of the call; "-" or none is standard input')
    .addOption(formatOption(DIAGRAM_FORMATS, 'mermaid'))
    .option('--call <id>', 'the identifier of the call')
    .addHelpText(
      'after',
      `\nExit code: 0, or 2 for wrong usage or an unreadable file.\n${examples(
        'callstate diagram > calls.mmd',
        'callstate diagram --format svg > machine.svg',
        'callstate diagram --call 0b0e6a1c --format svg webhooks.ndjson > call.svg',
      )}`,
    )
    .action(async (files: string[], { format, call: id }: DiagramOptions) => {
      if (id === undefined && files.length > 0) {
        throw new UsageError('expected --call with the identifier of a call in the log, got none.')
      }
      const drawing =
        id === undefined
          ? drawMachine(format)
          : drawCall(await findCall(id, files, terminal), format)
      await write(terminal.stdout, drawing)
    })
}

interface DiagramOptions {
  readonly format: DiagramFormat
  readonly call?: string
}

/** The package's version. `package.json` lies one folder up, of the sources and of the built file alike. */
function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
