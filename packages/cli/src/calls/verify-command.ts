import type { Rebuilt, Verification } from '@callstate/tracker'
import {
  type Colors,
  colorsOf,
  counted,
  jsonText,
  printable,
  type Terminal,
  write,
} from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { chooseProviders } from '../providers/choose-providers.ts'
import type { DatabaseOptions } from './database-options.ts'
import { withTracker } from './open-tracker.ts'
import { loadServiceOptions } from './service-options.ts'

/** The options of `callstate verify`. */
export interface VerifyOptions extends DatabaseOptions {
  /** Files of further providers. */
  readonly provider?: readonly string[]
  /** Whether calls are folded anew by the rules of today; nothing is written without `write`. */
  readonly rebuild: boolean
  readonly write: boolean
  /** The file of the options that the service gives its tracker; `none` where it gives none. */
  readonly options?: string
  readonly format: 'text' | 'json'
}

/**
 * Runs `callstate verify` and gives its exit code: 1 where a call is not what its history says, and with
 * `rebuild` where calls would be others by the rules of today.
 */
export async function runVerify(
  options: VerifyOptions,
  terminal: Terminal,
  now: () => number = Date.now,
): Promise<number> {
  const { rebuild, write: isWritten } = options
  if (isWritten && !rebuild) {
    throw new UsageError('expected --rebuild with --write: verifying alone writes nothing.')
  }
  if (isWritten && options.options === undefined) {
    throw new UsageError(
      'expected --options FILE with --rebuild --write: calls are folded anew with the budgets, retry policies and expected data of the service that stores them, and without these they would be settled, due and missing data otherwise. Write them into a file, or say "--options none" where the service gives its tracker none.',
    )
  }
  const { known: providers } = await chooseProviders(options.provider ?? [])
  const service = await loadServiceOptions(options.options, providers)
  return withTracker(options, { now, providers, service }, async (tracker) => {
    if (rebuild) {
      const progress = showProgress(terminal, isWritten ? 'rebuilt' : 'folded anew')
      const found = await tracker.rebuild({ write: isWritten, onProgress: progress.show })
      await progress.end()
      await answer(options, terminal, found, rebuiltText(found, options, colorsOf(terminal)))
      return !isWritten && found.rebuilt > 0 ? 1 : 0
    }
    const progress = showProgress(terminal, 'verified')
    const found = await tracker.verify({ onProgress: progress.show })
    await progress.end()
    await answer(options, terminal, found, verificationText(found, colorsOf(terminal)))
    return found.differences.length > 0 ? 1 : 0
  })
}

/** Counts calls on a terminal, and nowhere else. */
function showProgress({ stderr }: Terminal, what: string) {
  const isShown = stderr.isTTY === true
  return {
    show(calls: number): void {
      if (isShown) stderr.write(`\r${calls} calls ${what}`)
    },
    async end(): Promise<void> {
      if (isShown) await write(stderr, '\r\u001b[K')
    },
  }
}

async function answer(
  { format }: VerifyOptions,
  { stdout }: Terminal,
  found: Verification | Rebuilt,
  text: string,
): Promise<void> {
  await write(stdout, format === 'json' ? jsonText(found) : text)
}

function verificationText(found: Verification, colors: Colors): string {
  const { calls, entries, olderRules, differences } = found
  const lines = differences.map(
    ({ provider, callId, message }) =>
      `  ${colors.cyan(provider)} ${printable(callId)}  ${colors.red(message)}\n`,
  )
  const all = `${counted(calls, 'call')} with ${counted(entries, 'event')}`
  const verdict =
    differences.length === 0
      ? colors.green(`${all}: every call is what its history says.`)
      : colors.red(`${all}: ${counted(differences.length, 'call')} not what the history says.`)
  const older =
    olderRules === 0
      ? ''
      : `${counted(olderRules, 'event')} decided under older rules, which is no difference; --rebuild says what would change.\n`
  return `${lines.join('')}${verdict}\n${older}${uncheckedText(found)}`
}

function rebuiltText(
  found: Rebuilt,
  { write: isWritten, options }: VerifyOptions,
  colors: Colors,
): string {
  const { calls, rebuilt, corrected, neverHandedOut } = found
  if (rebuilt === 0) {
    const text = `${counted(calls, 'call')}: none is another one by the rules of today.`
    return `${colors.green(text)}\n${uncheckedText(found)}`
  }
  const [done, values] = isWritten
    ? ['rebuilt', 'corrected']
    : ['would be rebuilt', 'would be corrected']
  const what = `${rebuilt} of ${counted(calls, 'call')} ${done}, ${counted(corrected, 'value')} that had been handed out ${values}.`
  const never =
    neverHandedOut === 0
      ? ''
      : `${counted(neverHandedOut, 'value')} known now ${neverHandedOut === 1 ? 'was' : 'were'} never handed out; nothing fires for ${neverHandedOut === 1 ? 'it' : 'them'}.\n`
  const rest = isWritten ? '' : dryText(options)
  return `${colors.yellow(what)}\n${never}${rest}${uncheckedText(found)}`
}

function dryText(options: string | undefined): string {
  return options === undefined
    ? 'Nothing was written: --write does it, with --options. This was folded without options of a service.\n'
    : 'Nothing was written: --write does it.\n'
}

function uncheckedText({ unchecked }: Pick<Verification, 'unchecked'>): string {
  return unchecked === 0
    ? ''
    : `${counted(unchecked, 'call')} of unknown providers not checked; see --provider.\n`
}
