import type { Verification } from '@callstate/tracker'
import {
  type Colors,
  colorsOf,
  counted,
  jsonText,
  printable,
  type Terminal,
  write,
} from '../command/terminal.ts'
import { chooseProviders } from '../providers/choose-providers.ts'
import type { DatabaseOptions } from './database-options.ts'
import { withTracker } from './open-tracker.ts'

/** The options of `callstate verify`. */
export interface VerifyOptions extends DatabaseOptions {
  /** Files of further providers. */
  readonly provider?: readonly string[]
  readonly format: 'text' | 'json'
}

/** Runs `callstate verify` and gives its exit code: 1 where a call is not what its history says. */
export async function runVerify(
  options: VerifyOptions,
  terminal: Terminal,
  now: () => number = Date.now,
): Promise<number> {
  const { stdout, stderr } = terminal
  const isShown = stderr.isTTY === true
  const onProgress = (calls: number) => {
    if (isShown) stderr.write(`\r${calls} calls verified`)
  }
  const { known: providers } = await chooseProviders(options.provider ?? [])
  const found = await withTracker(options, { now, providers }, (tracker) =>
    tracker.verify({ onProgress }),
  )
  if (isShown) await write(stderr, '\r\u001b[K')
  await write(
    stdout,
    options.format === 'json' ? jsonText(found) : verificationText(found, colorsOf(terminal)),
  )
  return found.differences.length > 0 ? 1 : 0
}

function verificationText(found: Verification, colors: Colors): string {
  const { calls, entries, unchecked, differences } = found
  const lines = differences.map(
    ({ provider, callId, message }) =>
      `  ${colors.cyan(provider)} ${printable(callId)}  ${colors.red(message)}\n`,
  )
  const all = `${counted(calls, 'call')} with ${counted(entries, 'event')}`
  const verdict =
    differences.length === 0
      ? colors.green(`${all}: every call is what its history says.`)
      : colors.red(`${all}: ${counted(differences.length, 'call')} not what the history says.`)
  const rest =
    unchecked === 0
      ? ''
      : `${counted(unchecked, 'call')} of unknown providers not checked; see --provider.\n`
  return `${lines.join('')}${verdict}\n${rest}`
}
