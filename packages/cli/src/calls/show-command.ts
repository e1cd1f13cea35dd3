import type { CallWithData, Tracker } from '@callstate/tracker'
import type { Provider } from 'callstate/providers'
import { colorsOf, jsonText, printable, type Terminal, write } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { chooseProvider } from '../providers/choose-providers.ts'
import { callJsonOf, historyItemOf } from './call-json.ts'
import type { DatabaseOptions } from './database-options.ts'
import { withTracker } from './open-tracker.ts'
import { showText } from './show-text.ts'

/** Entries of a history that the text shows. */
export const SHOWN_ENTRIES = 200

/** The options of `callstate show`. */
export interface ShowOptions extends DatabaseOptions {
  readonly provider?: string
  readonly format: 'text' | 'json'
}

/** Runs `callstate show` and gives its exit code: 1 where nothing was heard of such a call. */
export async function runShow(
  id: string,
  options: ShowOptions,
  terminal: Terminal,
  now: () => number = Date.now,
): Promise<number> {
  const { provider, known } = await chooseProvider(options.provider)
  return withTracker(options, { now, providers: known }, async (tracker) => {
    const among = provider === null ? known : [provider]
    const found = await findCall(tracker, id, among)
    if (found === null) {
      const names = among.map(({ name }) => name).join(' and ')
      const hint = `; looked for at ${names}, and at another provider with --provider and its file`
      const message = `callstate: nothing was heard of a call "${printable(id)}"; "callstate calls" lists those there are${hint}\n`
      await write(terminal.stderr, message)
      return 1
    }
    const own = tracker.provider(found.provider)
    switch (options.format) {
      case 'text': {
        const history = await tracker.history(found, { limit: SHOWN_ENTRIES })
        const text = showText(found, history, own, tracker.now(), colorsOf(terminal))
        await write(terminal.stdout, text)
        return 0
      }
      case 'json': {
        const history = await tracker.history(found)
        const answer = { ...callJsonOf(found, own), history: history.map(historyItemOf) }
        await write(terminal.stdout, jsonText(answer))
        return 0
      }
      default:
        return options.format satisfies never
    }
  })
}

/** The call of this identifier, which is unique within its provider only. */
async function findCall(
  tracker: Tracker,
  callId: string,
  among: readonly Provider[],
): Promise<CallWithData | null> {
  const all = await Promise.all(among.map(({ name }) => tracker.get({ provider: name, callId })))
  const found = all.filter((one) => one !== null)
  if (found.length > 1) {
    const names = found.map(({ provider }) => provider).join(' and ')
    throw new UsageError(`expected --provider: ${names} both have a call "${printable(callId)}".`)
  }
  return found[0] ?? null
}
