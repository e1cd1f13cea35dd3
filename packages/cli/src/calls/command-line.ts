import { type Command, Option } from 'commander'
import { examples, formatOption, wholeNumber } from '../command/command-option.ts'
import type { Terminal } from '../command/terminal.ts'
import { providerOption, providersOption } from '../providers/provider-option.ts'
import { OVERDUE_REASONS } from './call-query.ts'
import type { CallsOptions, OverdueOptions } from './calls-command.ts'
import { databaseOptions } from './database-options.ts'
import type { DeadLettersOptions } from './dead-letters-command.ts'
import { serviceOptionsOption } from './service-options-option.ts'
import type { ShowOptions } from './show-command.ts'
import type { VerifyOptions } from './verify-command.ts'

// What the commands need is loaded when one of them runs: the others start no slower for it.

const MAX_LISTED_LETTERS = 1000

/** Rows that are listed where nothing else is said. */
const LISTED = 50

const FURTHER = 'the file of a further provider, as often as needed'

/** Adds the commands that read what a tracker keeps. */
export function addCallCommands(
  program: Command,
  terminal: Terminal,
  exitWith: (code: number) => void,
): void {
  addLists(program, terminal, exitWith)
  const show = program
    .command('show')
    .description('Show one call: its timeline, and every event heard of it with what it did.')
    .argument('<ID>', "the provider's identifier of the call")
    .addOption(providerOption('whose call it is, where two have the same identifier'))
  databaseOptions(show)
    .addOption(formatOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `\nExit code: 0, 1 where nothing was heard of such a call, 2 for wrong usage or an unreadable database.\n${examples('callstate show 4b3c61f0-7f0e-4a53-9f39-0c8a2be1c5aa', 'callstate show call_123 --provider dialgen --format json')}`,
    )
    .action(async (id: string, options: ShowOptions) => {
      const { runShow } = await import('../calls/show-command.ts')
      exitWith(await runShow(id, options, terminal))
    })
  databaseOptions(program.command('verify'))
    .description('Compare every call with the replay of its history. Calls may come in meanwhile.')
    .addOption(providersOption(FURTHER))
    .option('--rebuild', 'fold calls anew that older rules decided; says what would change', false)
    .option('--write', 'with --rebuild: do it', false)
    .addOption(serviceOptionsOption())
    .addOption(formatOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `\nWhat older rules decided is counted and is no difference. --rebuild adds an entry to each call that changes\nand never rewrites what entries say. It folds with the options of the service, so --write needs --options: a file whose\ndefault export has them (or a JSON file), or "none" where the service gives its tracker none.\nExit code: 0 where all agree, 1 where a call does not, or with --rebuild would change; 2 for wrong usage or an unreadable database.\n${examples('callstate verify', 'callstate verify --rebuild --options ./options.js', 'callstate verify --rebuild --write --options ./options.js', 'callstate verify --postgres postgresql://calls@db.internal/calls')}`,
    )
    .action(async (options: VerifyOptions) => {
      const { runVerify } = await import('../calls/verify-command.ts')
      exitWith(await runVerify(options, terminal))
    })
  addDeadLetters(program, terminal, exitWith)
}

function addLists(program: Command, terminal: Terminal, exitWith: (code: number) => void): void {
  const calls = databaseOptions(program.command('calls'))
    .description('List calls, the newest first.')
    .option('--settled', 'only calls that are over for good')
    .option('--open', 'only calls that are not')
  list(calls)
    .addHelpText(
      'after',
      `\nA status of "unrecognized" stands for calls with no status of the table.\nExit code: 0, or 2 for wrong usage or an unreadable database.\n${examples('callstate calls --open', 'callstate calls --status no-answer --format ndjson | jq -r .id')}`,
    )
    .action(async (options: CallsOptions) => {
      const { runCalls } = await import('../calls/calls-command.ts')
      exitWith(await runCalls(options, terminal))
    })
  const overdue = databaseOptions(program.command('overdue'))
    .description(
      'List calls that have been silent for longer than they should, or ended without the data that are expected, the longest overdue first.',
    )
    .addOption(
      new Option('--why <why>', 'only calls that are overdue for this reason').choices(
        OVERDUE_REASONS,
      ),
    )
    .option('--data', 'missing data count for the exit code too', false)
  list(overdue)
    .addHelpText(
      'after',
      `\nExit code: 0, 1 where a call is silent (with --data also where data are missing), 2 for wrong usage or an unreadable database.\n${examples('callstate overdue', 'callstate overdue --why data --data', 'callstate overdue --phase wrapping-up --format json')}`,
    )
    .action(async (options: OverdueOptions) => {
      const { runOverdue } = await import('../calls/calls-command.ts')
      exitWith(await runOverdue(options, terminal))
    })
}

function addDeadLetters(
  program: Command,
  terminal: Terminal,
  exitWith: (code: number) => void,
): void {
  databaseOptions(program.command('dead-letters'))
    .description('List what consumers failed to handle, or have it handled again.')
    .addOption(providersOption(FURTHER))
    .option('--consumer <name>', 'whose dead letters')
    .option('--replay <id>', 'have one handled again, or "all" of the consumer')
    .option(
      '--limit <n>',
      'how many to list',
      wholeNumber({ lowest: 1, highest: MAX_LISTED_LETTERS }),
      LISTED,
    )
    .addOption(formatOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `\nExit code: 0, 1 where there was none to handle again, 2 for wrong usage or an unreadable database.\n${examples('callstate dead-letters', 'callstate dead-letters --consumer billing --replay all')}`,
    )
    .action(async (options: DeadLettersOptions) => {
      const { runDeadLetters } = await import('../calls/dead-letters-command.ts')
      exitWith(await runDeadLetters(options, terminal))
    })
}

function list(command: Command): Command {
  return command
    .option('--status <status>', 'only calls with this status')
    .option('--class <class>', 'only terminal or intermediate ones')
    .option('--phase <phase>', 'only calls in this phase')
    .option(
      '--group <group>',
      'only calls whose status belongs to this group; with --class terminal, those that ended so',
    )
    .addOption(providerOption('only calls of this provider'))
    .option('--limit <n>', 'how many calls at most', wholeNumber({ lowest: 1 }), LISTED)
    .addOption(formatOption(['text', 'ndjson', 'json'], 'text'))
}
