import { type Command, Option } from 'commander'
import { PROVIDER_NAMES } from '../check/known-providers.ts'
import { examples, listenOptions } from '../command-option.ts'
import type { Terminal } from '../terminal.ts'
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
      new Option('--provider <name>', 'whose webhooks the log holds; auto tells it by shape')
        .choices([...PROVIDER_NAMES, 'auto'])
        .default('auto'),
    )
    .addHelpText(
      'after',
      `
Nothing leaves this machine. Calls of a running tracker are seen at /inspector/ of "callstate serve".
Beyond loopback it needs a token: CALLSTATE_API_TOKEN in the environment, and ?token= in the address.
Exit code: 0 after SIGINT or SIGTERM, 2 where it cannot start or read the log.
${examples(
  'callstate inspect week.ndjson',
  'zcat logs.gz | callstate inspect - --provider bolna',
  'callstate inspect',
)}`,
    )
    .action(async (files: string[], options: InspectOptions) => {
      const { runInspect } = await import('./inspect-command.ts')
      exitWith(await runInspect(files, options, terminal))
    })
}
