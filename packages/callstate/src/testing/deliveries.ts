import fc from 'fast-check'
import type { CallEvent } from '../call.ts'
import { START_AT } from './events.ts'

const HOUR_MS = 3_600_000
const EVENT_STEP_MS = 1000

/** What the network and the provider's clocks do to events. Everything is optional. */
export interface Weather {
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

/** One message as it arrives. */
export interface Delivery<Event extends CallEvent = CallEvent> {
  readonly event: Event
  /** The receiver's time in milliseconds since 1970; never before the event happened. */
  readonly receivedAt: number
}

/**
 * A delivery of these events, in the order of arrival.
 *
 * Left to itself the weather duplicates, delays and reorders, but loses nothing and falsifies no
 * time: then `replay` of what arrives is the very call that `replay` of the events is. Losses and
 * wrong clocks change what can be known, so they are asked for by name. Shrinks towards fine weather.
 *
 * @example
 * fc.assert(
 *   fc.property(
 *     callWithRetries().chain(({ events }) => fc.tuple(fc.constant(events), deliveries(events))),
 *     ([events, arrived]) =>
 *       replay(arrived.map((delivery) => delivery.event)).call.status === replay(events).call.status,
 *   ),
 * )
 */
export function deliveries<Event extends CallEvent>(
  events: readonly Event[],
  weather: Weather = {},
): fc.Arbitrary<readonly Delivery<Event>[]> {
  const { maxCopies = 3, maxDelayMs = 24 * HOUR_MS, ordered = false } = weather
  const { maxLost = 0, maxClockErrorMs = 0 } = weather
  const sent = withTimes(events).map(({ event, happenedAt }) =>
    fc.record({
      event: fc
        .integer({ min: -maxClockErrorMs, max: maxClockErrorMs })
        .map((error) => withClockError(event, error)),
      arrivals: fc
        .array(fc.nat({ max: maxDelayMs }), { minLength: 1, maxLength: maxCopies })
        .map((delays) => delays.map((delay) => happenedAt + delay)),
    }),
  )
  const lost = fc.subarray([...events.keys()], { maxLength: Math.min(maxLost, events.length) })
  return fc.tuple(fc.tuple(...sent), lost).map(([messages, lostPlaces]) => {
    const arrived = messages
      .filter((_, place) => !lostPlaces.includes(place))
      .flatMap(({ event, arrivals }) => arrivals.map((receivedAt) => ({ event, receivedAt })))
    return ordered ? heldUp(arrived) : arrived.toSorted((a, b) => a.receivedAt - b.receivedAt)
  })
}

/** When each event happened; one that does not say so happened a second after the one before it. */
function withTimes<Event extends CallEvent>(events: readonly Event[]) {
  let happenedAt = START_AT
  return events.map((event) => {
    happenedAt = event.occurredAt ?? happenedAt + EVENT_STEP_MS
    return { event, happenedAt }
  })
}

function withClockError<Event extends CallEvent>(event: Event, error: number): Event {
  const { occurredAt } = event
  return typeof occurredAt === 'number' && error !== 0
    ? { ...event, occurredAt: occurredAt + error }
    : event
}

function heldUp<Event extends CallEvent>(
  arrived: readonly Delivery<Event>[],
): readonly Delivery<Event>[] {
  let soonest = Number.NEGATIVE_INFINITY
  return arrived.map(({ event, receivedAt }) => {
    soonest = Math.max(soonest, receivedAt)
    return { event, receivedAt: soonest }
  })
}
