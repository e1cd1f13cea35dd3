import type { CallWithData, Tracker } from '@callstate/tracker'
import { PROVIDER_NAMES } from '../check/known-providers.ts'
import { UsageError } from '../status-word.ts'
import { colorsOf, jsonText, printable, type Terminal, write } from '../terminal.ts'
import { detailOf, historyItemOf } from './call-json.ts'
import { callQuery } from './call-query.ts'
import { type DatabaseOptions, withTracker } from './open-tracker.ts'
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
  const { provider } = callQuery({ provider: options.provider })
  return withTracker(options, now, async (tracker) => {
    const found = await findCall(tracker, id, provider)
    if (found === null) {
      const message = `callstate: nothing was heard of a call "${printable(id)}"; "callstate calls" lists those there are\n`
      await write(terminal.stderr, message)
      return 1
    }
    switch (options.format) {
      case 'text': {
        const history = await tracker.history(found, { limit: SHOWN_ENTRIES })
        await write(terminal.stdout, showText(found, history, tracker.now(), colorsOf(terminal)))
        return 0
      }
      case 'json': {
        const history = await tracker.history(found)
        const answer = { ...detailOf(found), history: history.map(historyItemOf) }
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
  provider: string | undefined,
): Promise<CallWithData | null> {
  const names = provider === undefined ? PROVIDER_NAMES : [provider]
  const all = await Promise.all(names.map((name) => tracker.get({ provider: name, callId })))
  const [found = null, ...others] = all.filter((one) => one !== null)
  if (others.length > 0) {
    throw new UsageError(
      `expected --provider: ${names.join(' and ')} both have a call "${printable(callId)}".`,
    )
  }
  return found
}
