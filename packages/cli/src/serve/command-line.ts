import { type Command, Option } from 'commander'
import { PROVIDER_NAMES } from '../check/known-providers.ts'
import { atLeast, examples, formatOption, listenOptions, logOptions } from '../command-option.ts'
import type { Terminal } from '../terminal.ts'
import type { CallsOptions, OverdueOptions } from './calls-command.ts'
import type { DeadLettersOptions } from './dead-letters-command.ts'
import type { ServeOptions } from './serve-command.ts'
import type { ShowOptions } from './show-command.ts'
import type { VerifyOptions } from './verify-command.ts'

// What the commands need is loaded when one of them runs: the others start no slower for it.

const DATABASE = 'callstate.db'
const MAX_LISTED_LETTERS = 1000

/** Rows that are listed where nothing else is said. */
const LISTED = 50

/** Adds the commands around the tracker: `serve`, and those that read what it keeps. */
export function addTrackerCommands(
  program: Command,
  terminal: Terminal,
  exitWith: (code: number) => void,
): void {
  addServe(program, terminal, exitWith)
  addLists(program, terminal, exitWith)
  const show = program
    .command('show')
    .description('Show one call: its timeline, and every event heard of it with what it did.')
    .argument('<ID>', "the provider's identifier of the call")
    .addOption(providerOption('whose call it is, where two have the same identifier'))
  database(show)
    .addOption(formatOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `\nExit code: 0, 1 where nothing was heard of such a call, 2 for wrong usage or an unreadable database.\n${examples('callstate show 4b3c61f0-7f0e-4a53-9f39-0c8a2be1c5aa', 'callstate show call_123 --provider dialgen --format json')}`,
    )
    .action(async (id: string, options: ShowOptions) => {
      const { runShow } = await import('./show-command.ts')
      exitWith(await runShow(id, options, terminal))
    })
  database(program.command('verify'))
    .description('Compare every call with the replay of its history. Calls may come in meanwhile.')
    .addOption(formatOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `\nExit code: 0 where all agree, 1 where a call does not, 2 for wrong usage or an unreadable database.\n${examples('callstate verify', 'callstate verify --postgres postgresql://calls@db.internal/calls')}`,
    )
    .action(async (options: VerifyOptions) => {
      const { runVerify } = await import('./verify-command.ts')
      exitWith(await runVerify(options, terminal))
    })
  addDeadLetters(program, terminal, exitWith)
}

function addServe(program: Command, terminal: Terminal, exitWith: (code: number) => void): void {
  const serve = program
    .command('serve')
    .description('Take webhooks in, keep calls in a database, and answer questions about them.')
  listenOptions(serve, 8787)
  database(serve)
    .addOption(
      new Option(
        '--provider <name...>',
        'whose webhooks to take; all with a proof by default',
      ).choices(PROVIDER_NAMES),
    )
    .option('--secret-header <name>', 'the header that brings the secret in each webhook')
    .option('--addresses <list>', 'from where webhooks may come: published, any, or a list')
    .option('--trust-proxy <list>', 'your proxies, whose X-Forwarded-For is believed')
    .option('--allow-unauthenticated', 'take webhooks without any proof of origin', false)
    .option('--no-poll', 'do not ask providers about silent calls')
    .option('--poll-every <seconds>', 'how often to look for silent calls', atLeast(1, 86_400))
    .option('--redact <fields>', 'fields of messages not to keep, such as transcript')
  logOptions(serve, 'what goes well')
    .addHelpText(
      'after',
      `
Secrets are read from the environment, never from the command line:
  CALLSTATE_WEBHOOK_SECRET  the value of the header that --secret-header names
  CALLSTATE_DIALGEN_SECRET  with which Dialgen signs its webhooks
  CALLSTATE_API_TOKEN       what readers show as "Authorization: Bearer"; required beyond loopback
  BOLNA_API_KEY, DIALGEN_API_KEY  with which the providers are asked about silent calls
  BOLNA_API_URL, DIALGEN_API_URL  where they are asked, if not at their own addresses
Exit code: 0 after SIGINT or SIGTERM, 2 where it cannot start.
${examples(
  'CALLSTATE_WEBHOOK_SECRET=$(cat secret) callstate serve --secret-header x-webhook-secret',
  'callstate serve --addresses published --trust-proxy 127.0.0.1 --redact transcript',
  'callstate serve --allow-unauthenticated',
)}`,
    )
    .action(async (options: ServeOptions) => {
      const { runServe } = await import('./serve-command.ts')
      exitWith(await runServe(options, terminal))
    })
}

function addLists(program: Command, terminal: Terminal, exitWith: (code: number) => void): void {
  const calls = database(program.command('calls'))
    .description('List calls, the newest first.')
    .option('--settled', 'only calls that are over for good')
    .option('--open', 'only calls that are not')
  list(calls)
    .addHelpText(
      'after',
      `\nA status of "unrecognized" stands for calls with no status of the table.\nExit code: 0, or 2 for wrong usage or an unreadable database.\n${examples('callstate calls --open', 'callstate calls --status no-answer --format ndjson | jq -r .id')}`,
    )
    .action(async (options: CallsOptions) => {
      const { runCalls } = await import('./calls-command.ts')
      exitWith(await runCalls(options, terminal))
    })
  const overdue = database(program.command('overdue')).description(
    'List calls that have been silent for longer than they should, the longest overdue first.',
  )
  list(overdue)
    .addHelpText(
      'after',
      `\nExit code: 0 where no call is overdue, 1 where one is, 2 for wrong usage or an unreadable database.\n${examples('callstate overdue', 'callstate overdue --phase wrapping-up --format json')}`,
    )
    .action(async (options: OverdueOptions) => {
      const { runOverdue } = await import('./calls-command.ts')
      exitWith(await runOverdue(options, terminal))
    })
}

function addDeadLetters(
  program: Command,
  terminal: Terminal,
  exitWith: (code: number) => void,
): void {
  database(program.command('dead-letters'))
    .description('List what consumers failed to handle, or have it handled again.')
    .option('--consumer <name>', 'whose dead letters')
    .option('--replay <id>', 'have one handled again, or "all" of the consumer')
    .option('--limit <n>', 'how many to list', atLeast(1, MAX_LISTED_LETTERS), LISTED)
    .addOption(formatOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `\nExit code: 0, 1 where there was none to handle again, 2 for wrong usage or an unreadable database.\n${examples('callstate dead-letters', 'callstate dead-letters --consumer billing --replay all')}`,
    )
    .action(async (options: DeadLettersOptions) => {
      const { runDeadLetters } = await import('./dead-letters-command.ts')
      exitWith(await runDeadLetters(options, terminal))
    })
}

function database(command: Command): Command {
  return command
    .option('--db <file>', 'the SQLite file', DATABASE)
    .option('--postgres <url>', 'a PostgreSQL database instead; its password may be in PGPASSWORD')
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
    .option('--limit <n>', 'how many calls at most', atLeast(1), LISTED)
    .addOption(formatOption(['text', 'ndjson', 'json'], 'text'))
}

function providerOption(description: string): Option {
  return new Option('--provider <name>', description).choices(PROVIDER_NAMES)
}
