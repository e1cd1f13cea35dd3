import { type CallEvent, dueAt, isSettled, outcome, type RetryPolicy, replay } from 'callstate'
import { retryPolicyFor } from 'callstate/internal'
import type { Provider } from 'callstate/providers'
import { eventItemOf, providerTimesOf, shownCall, shownLifecycle } from './call-detail.ts'
import { type BoardCall, boardCallOf, conflictsIn, type KnownCall } from './call-row.ts'
import type { CallSource } from './source.ts'

/** One event of a call in a log. */
export interface LoggedEvent {
  readonly event: CallEvent
  /** When it came, in milliseconds since 1970; null where the log does not say. */
  readonly receivedAt?: number | null
  /** The kind of message, such as `webhook` or `record`. */
  readonly kind?: string | null
  /** Reads the message again, asked for when somebody wants to see it; undefined where it is gone. */
  readonly payload?: () => unknown
}

/** One call in a log, with its events in the order in which they came. */
export interface LoggedCall {
  readonly provider: string
  readonly callId: string
  readonly entries: readonly LoggedEvent[]
}

/** What a source over a log is made of. */
export interface LogSourceOptions {
  /** For the head of the page, such as `week.ndjson`. */
  readonly name: string
  readonly calls: Iterable<LoggedCall> | AsyncIterable<LoggedCall>
  /** The providers of the calls: for their titles, and for their own lifecycles and habits. */
  readonly providers?: readonly Provider[]
  /** By provider: when calls are retried, where their own events do not say it. */
  readonly retryPolicies?: Readonly<Record<string, RetryPolicy>>
  /** The present, in milliseconds since 1970: nothing in a log is from later. */
  readonly now?: () => number
}

/**
 * The calls of a log, replayed. Its clock stands still at the latest time in the log that is not ahead of
 * the present, so that what was overdue then is shown as overdue, and a wrong clock makes nothing so.
 *
 * @example
 * logSource({ name: 'week.ndjson', calls: [{ provider: 'bolna', callId: 'c-1', entries }] })
 */
export function logSource(options: LogSourceOptions): CallSource {
  const { name, calls, providers = [], retryPolicies = {}, now = Date.now } = options
  const known = new Map<string, { readonly logged: LoggedCall; readonly board: BoardCall }>()
  const providerOf = (name: string) => providers.find((one) => one.name === name)
  let latest = 0

  return {
    kind: 'log',
    name,
    providers: providers.map((one) => ({ name: one.name, title: one.title })),
    speed: 0,
    now: () => latest,
    async open(board) {
      const present = now()
      for await (const logged of calls) {
        const { provider } = logged
        const policy = Object.hasOwn(retryPolicies, provider) ? retryPolicies[provider] : undefined
        const call = boardCallIn(logged, providerOf(provider), policy)
        known.set(call.row.key, { logged, board: call })
        if (call.row.lastReceivedAt <= present) latest = Math.max(latest, call.row.lastReceivedAt)
        board.put(call)
      }
    },
    async detail(key, limit) {
      const found = known.get(key)
      if (found === undefined) return null
      const { logged, board } = found
      const events = logged.entries.map(({ event }) => event)
      const provider = providerOf(logged.provider)
      const { history } = replay(events, { provider })
      const earlier = events.slice(0, -limit)
      const items = logged.entries.map(({ receivedAt, kind, payload }, place) => {
        const heard = history[place] as (typeof history)[number]
        return eventItemOf({
          ...heard,
          sequence: place + 1,
          receivedAt: receivedAt ?? null,
          kind: kind ?? null,
          hasPayload: payload !== undefined,
        })
      })
      return {
        row: board.row,
        events: items.slice(-limit),
        total: items.length,
        ...(provider && { lifecycle: shownLifecycle(provider) }),
        ...(earlier.length > 0 && { before: shownCall(replay(earlier).call) }),
      }
    },
    async payload(key, sequence) {
      const read = known.get(key)?.logged.entries[sequence - 1]?.payload
      const payload = await read?.()
      return payload === undefined ? null : { payload }
    },
    async close() {},
  }
}

function boardCallIn(
  { provider: name, callId, entries }: LoggedCall,
  provider: Provider | undefined,
  policy: RetryPolicy | undefined,
): BoardCall {
  const { call, history } = replay(
    entries.map(({ event }) => event),
    { provider },
  )
  const received = entries.flatMap(({ receivedAt }) => receivedAt ?? [])
  const said = providerTimesOf(call)
  const counts = retryPolicyFor(call, provider, policy)
  const known: KnownCall = {
    provider: name,
    callId,
    status: call.status,
    attempt: call.attempt,
    outcome: outcome(call),
    knowledge: call,
    conflicts: conflictsIn(history.map(({ decision }) => decision)),
    settled: isSettled(call, counts),
    dueAt: dueAt(call, provider?.habits.budgetsMs, counts),
    dataDueAt: null,
    events: entries.length,
    // A log that does not say when its lines came is told by the provider's times.
    firstReceivedAt: received.length > 0 ? Math.min(...received) : (said?.first ?? 0),
    lastReceivedAt: received.length > 0 ? Math.max(...received) : (said?.last ?? 0),
  }
  return boardCallOf(known, { provider })
}
