import fc from 'fast-check'
import type { Direction } from '../lifecycle.ts'
import type { MessageKind } from '../providers/message.ts'
import type { Provider } from '../providers/provider.ts'
import type { Moment, ToldMessage } from '../providers/tell.ts'
import { type CallWithRetriesConstraints, callWithRetries } from './call-with-retries.ts'
import { eventsOf, START_AT, type TimedEvent } from './events.ts'
import { legalPath } from './legal-path.ts'
import { momentsOf } from './moments.ts'

/** Which stories are wanted. */
export interface ToldStoryConstraints
  extends Pick<CallWithRetriesConstraints, 'maxAttempts' | 'complete'> {
  /** Who placed the calls; either, when left out. What comes in has one attempt. */
  readonly direction?: Direction
}

/** What happened in one call, as its provider sees it. */
export interface ToldStory {
  readonly callId: string
  readonly direction: Direction
  /** The truth, whatever of it is told: every status of every attempt, in order. */
  readonly events: readonly TimedEvent[]
  /** What the provider makes its messages of, one for each event. */
  readonly moments: readonly Moment[]
}

/**
 * A call as a provider tells it: a path of its own lifecycle, or several where it was placed again, with
 * everything that its messages are made of. Throws a TypeError for a provider that does not say what it
 * tells. Shrinks towards one short attempt.
 *
 * @example
 * fc.assert(
 *   fc.property(toldStories(acme), ({ moments, events }) => moments.length === events.length),
 * )
 */
export function toldStories(
  provider: Provider,
  { direction, ...constraints }: ToldStoryConstraints = {},
): fc.Arbitrary<ToldStory> {
  tellOf(provider)
  const outbound = callWithRetries({ ...constraints, provider }).map(({ events }) => ({
    direction: 'outbound' as const,
    events,
  }))
  const inbound = attempt(provider, constraints.complete ?? true)
  const either = fc.oneof({ arbitrary: outbound, weight: 3 }, { arbitrary: inbound, weight: 1 })
  const calls = direction === undefined ? either : direction === 'outbound' ? outbound : inbound
  return fc
    .record({ call: calls, callId: fc.uuid(), facts: knownFacts() })
    .map(({ call, callId, facts }) => ({
      ...call,
      callId,
      moments: momentsOf(call.events, { ...call, callId, facts }),
    }))
}

/** What a provider tells of a moment. Throws a TypeError where it does not say what it tells. */
export function tellOf(
  provider: Provider,
): (m: Moment, kind: MessageKind) => readonly ToldMessage[] {
  const { tell } = provider
  if (tell !== null) return tell
  throw new TypeError(
    `Provider "${provider.name}" does not say what it tells; declare tell to draw its messages.`,
  )
}

/** A call that came in: one attempt. */
function attempt(provider: Provider, complete: boolean) {
  const path = legalPath({ provider, direction: 'inbound', complete })
  const days = fc.nat({ max: 365 * 86_400 })
  return fc
    .record({ path, days, stepMs: fc.integer({ min: 1_000, max: 60_000 }) })
    .map((drawn) => ({
      direction: 'inbound' as const,
      events: eventsOf(drawn.path, {
        startAt: START_AT + drawn.days * 1_000,
        stepMs: drawn.stepMs,
      }),
    }))
}

/** What may be known at an end, or not. Nobody's. */
function knownFacts() {
  return fc.record({
    cost: fc.constantFrom(null, 0, 22, 12.75),
    recordingUrl: fc.constantFrom(null, 'https://recordings.example/r/1.mp3?a=1&b=<2>'),
    transcript: fc.constantFrom(null, 'user: “Café”, said a"b\'c\u2028user: 👋 </script>'),
    extraction: fc.constantFrom(null, { interested: true, nested: { list: [1, 'two', null] } }),
  })
}
