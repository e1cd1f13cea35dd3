import type { Weather } from '@callstate/emulator'
import { PROVIDERS } from 'callstate/providers/all'
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  examples,
  formatOption,
  listenOptions,
  logOptions,
  wholeNumber,
} from '../command/command-option.ts'
import type { Terminal } from '../command/terminal.ts'
import { PROVIDER_HELP, providersOption } from '../providers/provider-option.ts'
import { keyVariable } from '../providers/variables.ts'
import type { EmulateOptions } from './emulate-command.ts'

const MAX_PLACED = 100_000

/** The knobs of the weather, each with what it does: every one is an option. */
const KNOBS = {
  duplicate: 'webhooks delivered twice',
  delay: 'webhooks that come seconds to minutes late',
  reorder: 'webhooks that change places with the next of their call',
  drop: 'webhooks that never arrive',
  burst: 'webhooks held back and let go all at once',
  finalLost: 'last words on a call that never arrive',
  slow: 'answers of the receiver that come too late',
  corrected: 'costs of completed attempts that are corrected later',
} as const satisfies Record<keyof Weather, string>

/** Adds `emulate`, which needs no provider, no key and no call. */
export function addEmulate(
  program: Command,
  terminal: Terminal,
  exitWith: (code: number) => void,
): void {
  const emulate = program
    .command('emulate')
    .description(
      'Be the providers on this machine: their APIs, calls that live and end, webhooks in bad weather.',
    )
  listenOptions(emulate, 8788)
    .option(
      '--webhook <url>',
      "where webhooks go, unless an agent or a batch says otherwise; {provider} in it is the provider's name",
    )
    .option('--seed <text>', 'the same seed and requests make the same run; by chance by default')
    .addOption(
      new Option('--clock <clock>', 'fast: a minute in a second; step: moved by requests')
        .choices(['real', 'fast', 'step'])
        .default('real'),
    )
    .addOption(
      new Option('--speed <n>', 'how many times faster than time the clock runs')
        .argParser(speed)
        .conflicts('clock'),
    )
    .addOption(
      new Option('--weather <weather>', 'what happens to webhooks')
        .choices(['clear', 'rain', 'storm'])
        .default('clear'),
    )
  for (const [knob, what] of Object.entries(KNOBS)) {
    const name = knob.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    emulate.addOption(new Option(`--${name} <share>`, `share of ${what}, 0 to 1`).argParser(share))
  }
  emulate
    .option('--scenario <file>', 'JSON that says what becomes of which call')
    .option(
      '--place <n>',
      'place so many calls, and end when they are over',
      wholeNumber({ lowest: 1, highest: MAX_PLACED }),
    )
    .addOption(
      providersOption(
        'who is emulated, as often as needed, calls are placed by turns; by default all, placed at the first',
      ),
    )
    .option('--out <file>', 'write the webhooks that are sent to a log that "check" reads')
    .option('--no-rate-limits', 'take requests beyond the documented limits too')
    .addOption(formatOption(['text', 'json'], 'text'))
  logOptions(emulate, 'every request to a receiver')
    .addHelpText(
      'after',
      `
A scenario is {"rules": [{"destination"?, "metadata"?, "fate"}], "weights"?: {fate: number}}: the first rule
that fits decides, a destination may end in *; otherwise chance does, by the weights. The fates:
  answered, voicemail, rejected, busy, no-answer, failed, canceled, stopped, error, balance-low,
  rescheduled, retried, late-completed
${PROVIDER_HELP} One of your own needs "tell" for it.
${SIGNING} in the environment signs webhooks, as it lets "serve" check them.
GET /emulator lists the emulator's own requests, among them GET /emulator/truth: what truly happened.
Exit code: 0 when it was stopped or all placed calls are over, 2 where it cannot start.
${examples(
  'callstate emulate --webhook http://localhost:8787/webhooks/{provider}',
  'callstate emulate --clock fast --weather storm --webhook http://localhost:3000/hook --place 50',
  'callstate emulate --clock fast --drop 0.2 --scenario nobody-answers.json',
  'callstate emulate --provider ./acme.js --place 5 --webhook http://localhost:8787/webhooks/{provider}',
)}`,
    )
    .action(async (options: EmulateOptions) => {
      const { runEmulate } = await import('./emulate-command.ts')
      exitWith(await runEmulate(options, terminal))
    })
}

const SIGNING = [
  ...PROVIDERS.flatMap((provider) =>
    provider.origin.map((scheme) => keyVariable(provider, scheme)),
  ),
  'CALLSTATE_<NAME>_SECRET',
].join(', ')

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('Expected a number from 0 to 1, such as 0.1.')
}

const MAX_SPEED = 100_000

function speed(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= MAX_SPEED) return value
  throw new InvalidArgumentError(`Expected a number above 0, up to ${MAX_SPEED}.`)
}
