import { PROVIDERS } from 'callstate/providers/all'
import type { Command } from 'commander'
import { databaseOptions } from '../calls/database-options.ts'
import { serviceOptionsOption } from '../calls/service-options-option.ts'
import { examples, listenOptions, logOptions, wholeNumber } from '../command/command-option.ts'
import type { Terminal } from '../command/terminal.ts'
import { PROVIDER_HELP, providersOption } from '../providers/provider-option.ts'
import { apiKeyVariable, keyVariable } from '../providers/variables.ts'
import { tableText } from '../text/table.ts'
import type { ServeOptions } from './serve-command.ts'

/** Adds `serve`: webhooks in, calls kept, questions answered. */
export function addServe(
  program: Command,
  terminal: Terminal,
  exitWith: (code: number) => void,
): void {
  const serve = program
    .command('serve')
    .description('Take webhooks in, keep calls in a database, and answer questions about them.')
  listenOptions(serve, 8787)
  databaseOptions(serve)
    .addOption(
      providersOption('whose webhooks to take; all with a proof by default', '<name|file...>'),
    )
    .option('--secret-header <name>', 'the header that brings the secret in each webhook')
    .option('--addresses <list>', 'from where webhooks may come: published, any, or a list')
    .option('--trust-proxy <list>', 'your proxies, whose X-Forwarded-For is believed')
    .option('--public-url <url>', 'where providers reach this server, for what they sign')
    .option('--allow-unauthenticated', 'take webhooks without any proof of origin', false)
    .addOption(serviceOptionsOption())
    .option('--no-poll', 'do not ask providers about overdue calls')
    .option(
      '--poll-every <seconds>',
      'how often to look for overdue calls',
      wholeNumber({ lowest: 1, highest: DAY_S }),
    )
    .option('--redact <fields>', 'fields of messages not to keep, such as transcript')
    .option('--record <file>', 'write what comes in to a log that "check" and "inspect" read')
  logOptions(serve, 'what goes well')
    .addHelpText(
      'after',
      `
${PROVIDER_HELP}
Secrets are read from the environment, never from the command line:
${variablesText()}A provider of your own has CALLSTATE_<NAME>_SECRET and <NAME>_API_KEY.
Exit code: 0 after SIGINT or SIGTERM, 2 where it cannot start.
${examples(
  'CALLSTATE_WEBHOOK_SECRET=$(cat secret) callstate serve --secret-header x-webhook-secret',
  'callstate serve --addresses published --trust-proxy 127.0.0.1 --redact transcript',
  'CALLSTATE_ACME_SECRET=$(cat secret) callstate serve --provider ./acme.js --record week.ndjson',
  'callstate serve --allow-unauthenticated',
)}`,
    )
    .action(async (options: ServeOptions) => {
      const { runServe } = await import('./serve-command.ts')
      exitWith(await runServe(options, terminal))
    })
}

/** How often at least, in seconds: once a day. */
const DAY_S = 86_400

/** The environment variables that are read, of every provider its own. */
function variablesText(): string {
  const keys = PROVIDERS.flatMap((provider) =>
    provider.origin.map((scheme) => [keyVariable(provider, scheme), scheme.key]),
  )
  const asked = PROVIDERS.filter(({ ask }) => ask !== null).map((provider) => [
    apiKeyVariable(provider),
    `with which ${provider.title} is asked about overdue calls`,
  ])
  return tableText(
    [
      ['CALLSTATE_WEBHOOK_SECRET', 'the value of the header that --secret-header names'],
      ...keys,
      ...asked,
      ['<NAME>_API_URL', 'where a provider is asked, if not at its own address'],
      [
        'CALLSTATE_API_TOKEN',
        'what readers show as "Authorization: Bearer"; required beyond loopback',
      ],
    ],
    '  ',
  )
}
