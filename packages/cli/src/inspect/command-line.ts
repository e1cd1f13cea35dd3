import type { Command } from 'commander'
import { examples, listenOptions } from '../command/command-option.ts'
import type { Terminal } from '../command/terminal.ts'
import { PROVIDER_HELP, providersOfLogOption } from '../providers/provider-option.ts'
import type { InspectOptions } from './inspect-command.ts'

/** Adds `inspect`: the page over a log, or over XState actors. */
export function addInspect(
  program: Command,
  terminal: Terminal,
  exitWith: (code: number) => void,
): void {
  const inspect = program
    .command('inspect')
    .description('See calls in a browser: those of a log, or XState actors that attach themselves.')
    .argument(
      '[FILE...]',
      'a log, as "check" reads it; "-" is standard input; none waits for actors',
    )
  listenOptions(inspect, 8789)
    .addOption(
      providersOfLogOption(
        'whose webhooks the log holds, as often as needed; auto tells it by shape',
      ),
    )
    .addHelpText(
      'after',
      `
Nothing leaves this machine. Calls of a running tracker are seen at /inspector/ of "callstate serve".
Beyond loopback it needs a token: CALLSTATE_API_TOKEN in the environment, and ?token= in the address.
${PROVIDER_HELP}
Exit code: 0 after SIGINT or SIGTERM, 2 where it cannot start or read the log.
${examples(
  'callstate inspect week.ndjson',
  'zcat logs.gz | callstate inspect - --provider ./acme.js',
  'callstate inspect',
)}`,
    )
    .action(async (files: string[], options: InspectOptions) => {
      const { runInspect } = await import('./inspect-command.ts')
      exitWith(await runInspect(files, options, terminal))
    })
}
