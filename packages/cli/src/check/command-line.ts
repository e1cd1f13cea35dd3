import type { Command } from 'commander'
import { examples, formatOption, wholeNumber } from '../command/command-option.ts'
import type { Terminal } from '../command/terminal.ts'
import { PROVIDER_HELP, providersOfLogOption } from '../providers/provider-option.ts'
import { MAX_LINE_BYTES } from '../read-log/line-blocks.ts'
import { defaultWorkers } from '../read-log/read-log.ts'
import { CHECK_FORMATS, type CheckOptions, runCheck } from './check-command.ts'

/** Adds `check`: what became of the calls of a log. */
export function addCheck(
  program: Command,
  terminal: Terminal,
  exitWith: (code: number) => void,
): void {
  program
    .command('check')
    .description(
      'Read logs of webhooks, one body or envelope a line, and tell what became of every call.',
    )
    .argument('[FILE...]', 'NDJSON, also gzipped; "-" or none is standard input')
    .addOption(formatOption(CHECK_FORMATS, 'text'))
    .addOption(
      providersOfLogOption('whose webhooks they are, as often as needed; auto tells it by shape'),
    )
    .option(
      '--strict',
      'count late and skipped statuses, and what was read anew, as findings',
      false,
    )
    .option(
      '--max-line-bytes <n>',
      'longer lines are invalid',
      wholeNumber({ lowest: 1 }),
      MAX_LINE_BYTES,
    )
    .option(
      '--workers <n>',
      'threads that read beside the main one; 0 for none',
      wholeNumber({ lowest: 0 }),
      defaultWorkers(),
    )
    .addHelpText(
      'after',
      `
An envelope is an object with "body" (or "bodyBase64", or with "method": "GET" and "url") and no other keys than
provider, kind, method, url, headers, remoteAddress and receivedAt; "body" is what came as text, or decoded JSON.
${PROVIDER_HELP}
Exit code: 0 without findings, 1 with findings, 2 for wrong usage or an unreadable file.
${examples(
  'callstate check webhooks.ndjson',
  'callstate check --strict monday.ndjson.gz tuesday.ndjson.gz',
  'callstate check --provider ./acme.js webhooks.ndjson',
  'zcat logs.gz | callstate check --format ndjson | jq -c "select(.settled | not)"',
)}`,
    )
    .action(async (files: string[], options: CheckOptions) => {
      exitWith(await runCheck(files, options, terminal))
    })
}
