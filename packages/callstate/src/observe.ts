import { readable } from './attempts.ts'
import type { Call, CallEvent } from './call.ts'
import type { Decision, Observation } from './decision.ts'
import { addRecord, addUnrecognized } from './knowledge.ts'
import { legalityOf } from './legality.ts'
import { observeOne } from './observe-one.ts'
import type { LifecycleOptions } from './own-lifecycle.ts'
import { asRead, readOff } from './reading.ts'
import { withEarlier } from './with-earlier.ts'

/**
 * The call of which nothing has been heard yet: what `observe` begins with where there is none.
 *
 * @example
 * EMPTY_CALL.status // null
 */
export const EMPTY_CALL: Call = { status: null, attempt: 1, heard: [], unrecognized: [] }

/**
 * Takes in one event and says what it did. The new call depends on the set of events heard so far,
 * never on their order or number; the decision belongs to this event at this place in the order.
 * Pure: no clock, the call that came in is not changed. Never throws: a status that is not in the
 * table, whatever it is, is kept as unrecognized. `provider` says whose lifecycle the event is judged
 * by: what it reports together by design, and what it has no word for. It is named in options: what has no
 * `provider` in it, a bare provider too, names none, and the table counts.
 *
 * @example
 * const { call, decision } = observe(undefined, { status: 'ringing' })
 * call.status // 'ringing'
 * decision.kind // 'advanced'
 */
export function observe(
  before: Call | null | undefined,
  event: CallEvent,
  options?: LifecycleOptions,
): Observation {
  const legality = legalityOf(options?.provider)
  const stored = before ?? EMPTY_CALL
  const known = asRead(stored)
  const own = observeOne(known, event, legality)
  const observed = Array.isArray(event?.earlier)
    ? withEarlier(known, own, event.earlier, legality)
    : own
  if (known === stored) return observed
  const { call, decision } = observed
  return { call: { ...call, heard: joined(stored.heard, call.heard) }, decision }
}

/**
 * Folds events, in the order in which they came, into a call and a history that holds every event
 * with its decision. Pure; never throws.
 *
 * @example
 * const { call } = replay([{ status: 'completed' }, { status: 'ringing' }])
 * call.status // 'completed'
 */
export function replay<Event extends CallEvent>(
  events: Iterable<Event>,
  options?: LifecycleOptions,
): {
  readonly call: Call
  readonly history: readonly { readonly event: Event; readonly decision: Decision }[]
} {
  let call = EMPTY_CALL
  const history: { event: Event; decision: Decision }[] = []
  for (const event of events) {
    const observed = observe(call, event, options)
    call = observed.call
    history.push({ event, decision: observed.decision })
  }
  return { call, history }
}

/**
 * Joins what two observers know of the same call. Commutative, associative and idempotent: shards and
 * replicas may be merged in any order and any number of times. Pure.
 *
 * @example
 * merge(replay([{ status: 'queued' }]).call, replay([{ status: 'busy' }]).call).status // 'busy'
 */
export function merge(a: Call, b: Call): Call {
  const heard = joined(a.heard, b.heard)
  const unrecognized = b.unrecognized.reduce(addUnrecognized, a.unrecognized)
  return { ...readOff(readable(heard), unrecognized), heard }
}

function joined(a: Call['heard'], b: Call['heard']): Call['heard'] {
  return b.reduce(addRecord, a)
}
