import { type CallEvent, type CallStatus, canTransition, START_STATUSES } from 'callstate'

/** Calls as they go in practice: complete ones first, then the ways in which they end early. */
const WALKS: readonly (readonly CallStatus[])[] = [
  ['queued', 'initiated', 'ringing', 'in-progress', 'call-disconnected', 'completed'],
  ['scheduled', 'queued', 'initiated', 'ringing', 'in-progress', 'call-disconnected', 'completed'],
  ['queued', 'rescheduled', 'queued', 'initiated', 'ringing', 'no-answer'],
  ['queued', 'initiated', 'ringing', 'busy'],
  ['prepared', 'queued', 'initiated', 'in-progress', 'failed'],
  ['in-progress', 'call-disconnected', 'completed'],
  ['queued', 'balance-low'],
]

const REPEATS = 40

/** The walks that one run takes. */
export const BATCH: readonly (readonly CallStatus[])[] = Array.from(
  { length: REPEATS },
  () => WALKS,
).flat()

/** Moves in a batch, not counting the one that opens a call. */
export const MOVES = BATCH.reduce((sum, walk) => sum + walk.length - 1, 0)

/** Events in a batch. */
export const EVENTS = BATCH.reduce((sum, walk) => sum + walk.length, 0)

/** The walks of a batch as events for `observe`, which say what those for state machines say. */
export const CALL_EVENTS: readonly (readonly CallEvent[])[] = BATCH.map((walk) =>
  walk.map((status) => ({ status })),
)

/** The same with the attempt and the time, as providers tell them. */
export const TIMED_EVENTS: readonly (readonly CallEvent[])[] = BATCH.map((walk, call) =>
  walk.map((status, step) => ({
    status,
    attempt: 1,
    occurredAt: 1_767_225_600_000 + call * 60_000 + step * 5_000,
  })),
)

/** The walks of a batch as events for state machines. */
export const MACHINE_EVENTS: readonly (readonly { readonly type: CallStatus }[])[] = BATCH.map(
  (walk) => walk.map((type) => ({ type })),
)

const STARTS: readonly CallStatus[] = [...START_STATUSES.outbound, ...START_STATUSES.inbound]

for (const walk of WALKS) {
  const isLegal = walk.every((status, step) => {
    const from = walk[step - 1]
    return from === undefined ? STARTS.includes(status) : canTransition(from, status)
  })
  if (!isLegal) throw new Error(`This walk is not legal: ${walk.join(', ')}.`)
}

/** Throws unless the walk ended where it should. */
export function expectEnd(walk: readonly CallStatus[] | undefined, status: unknown, side: string) {
  if (status !== walk?.at(-1)) throw new Error(`${side} ended in ${status}: ${walk?.join(', ')}.`)
}
