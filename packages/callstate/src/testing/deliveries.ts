import fc from 'fast-check'
import type { CallEvent } from '../call.ts'
import { START_AT } from './events.ts'

const HOUR_MS = 3_600_000
const EVENT_STEP_MS = 1000

/** What the network and the provider's clocks do to events on their way. Everything is optional. */
export interface DeliveryFaults {
  /** How often one event is delivered at most; 3 when left out, 1 for no duplicates. */
  readonly maxCopies?: number
  /**
   * How long a delivery is under way at most, in milliseconds; 24 hours when left out, 0 for none.
   * Each delivery has a delay of its own, so this is also what reorders them.
   */
  readonly maxDelayMs?: number
  /** Whether the order is kept, as on one connection: a delayed delivery holds up all behind it. False when left out. */
  readonly ordered?: boolean
  /** How many events are lost at most, whole, with all their copies; 0 when left out. */
  readonly maxLost?: number
  /** How far the provider's clock is off at most, either way and anew for each event, in milliseconds; 0 when left out. */
  readonly maxClockErrorMs?: number
}

/** One event as it arrives. */
export interface Arrival<Event extends CallEvent = CallEvent> {
  readonly event: Event
  /** The receiver's time in milliseconds since 1970; never before the event happened. */
  readonly receivedAt: number
}

/** What was sent, and what arrived of it, in the order of arrival. */
export interface Delivered<Event extends CallEvent = CallEvent> {
  readonly events: readonly Event[]
  readonly arrivals: readonly Arrival<Event>[]
}

/**
 * What a receiver gets of these events, in the order of arrival. Of an arbitrary (of events, or of
 * calls as `callWithRetries` draws them), each drawn value comes back with its `arrivals` beside its
 * `events`, so that a property can compare the two.
 *
 * Left to themselves, deliveries are duplicated, delayed and reordered, but nothing is lost and no
 * time falsified: then `replay` of what arrives is the very call that `replay` of the events is. Losses
 * and wrong clocks change what can be known, so they are asked for by name. Shrinks towards a delivery
 * without faults.
 *
 * @example
 * fc.assert(
 *   fc.property(
 *     deliveries(callWithRetries()),
 *     ({ events, arrivals }) =>
 *       replay(arrivals.map(({ event }) => event)).call.status === replay(events).call.status,
 *   ),
 * )
 */
export function deliveries<Event extends CallEvent>(
  events: readonly Event[],
  faults?: DeliveryFaults,
): fc.Arbitrary<readonly Arrival<Event>[]>
export function deliveries<Event extends CallEvent>(
  events: fc.Arbitrary<readonly Event[]>,
  faults?: DeliveryFaults,
): fc.Arbitrary<Delivered<Event>>
export function deliveries<Call extends { readonly events: readonly CallEvent[] }>(
  calls: fc.Arbitrary<Call>,
  faults?: DeliveryFaults,
): fc.Arbitrary<Call & Delivered<Call['events'][number]>>
export function deliveries(
  source: readonly CallEvent[] | fc.Arbitrary<readonly CallEvent[] | Sent>,
  faults: DeliveryFaults = {},
): fc.Arbitrary<readonly Arrival[] | Delivered> {
  if (isList(source)) return arrivalsOf(source, faults)
  return source.chain((drawn) => {
    const sent: Sent = isList(drawn) ? { events: drawn } : drawn
    return arrivalsOf(sent.events, faults).map((arrivals) => ({ ...sent, arrivals }))
  })
}

interface Sent {
  readonly events: readonly CallEvent[]
}

function isList(value: object): value is readonly CallEvent[] {
  return Array.isArray(value)
}

function arrivalsOf(
  events: readonly CallEvent[],
  faults: DeliveryFaults,
): fc.Arbitrary<readonly Arrival[]> {
  const { maxCopies = 3, maxDelayMs = 24 * HOUR_MS, ordered = false } = faults
  const { maxLost = 0, maxClockErrorMs = 0 } = faults
  const sent = withTimes(events).map(({ event, happenedAt }) =>
    fc.record({
      event: fc
        .integer({ min: -maxClockErrorMs, max: maxClockErrorMs })
        .map((error) => withClockError(event, error)),
      times: fc
        .array(fc.nat({ max: maxDelayMs }), { minLength: 1, maxLength: maxCopies })
        .map((delays) => delays.map((delay) => happenedAt + delay)),
    }),
  )
  const lost = fc.subarray([...events.keys()], { maxLength: Math.min(maxLost, events.length) })
  return fc.tuple(fc.tuple(...sent), lost).map(([messages, lostPlaces]) => {
    const arrivals = messages
      .filter((_, place) => !lostPlaces.includes(place))
      .flatMap(({ event, times }) => times.map((receivedAt) => ({ event, receivedAt })))
    return ordered ? heldUp(arrivals) : arrivals.toSorted((a, b) => a.receivedAt - b.receivedAt)
  })
}

/** When each event happened; one that does not say so happened a second after the one before it. */
function withTimes(events: readonly CallEvent[]) {
  let happenedAt = START_AT
  return events.map((event) => {
    happenedAt = event.occurredAt ?? happenedAt + EVENT_STEP_MS
    return { event, happenedAt }
  })
}

function withClockError(event: CallEvent, error: number): CallEvent {
  const { occurredAt } = event
  return typeof occurredAt === 'number' && error !== 0
    ? { ...event, occurredAt: occurredAt + error }
    : event
}

function heldUp(arrivals: readonly Arrival[]): readonly Arrival[] {
  let soonest = Number.NEGATIVE_INFINITY
  return arrivals.map(({ event, receivedAt }) => {
    soonest = Math.max(soonest, receivedAt)
    return { event, receivedAt: soonest }
  })
}
