import fc from 'fast-check'
import type { CallStatus, Direction } from '../lifecycle.ts'
import { eventsOf, legalPath } from '../testing/index.ts'
import type { MessageKind } from './message.ts'
import type { Provider } from './provider.ts'
import type { Moment, Step, StoryFacts } from './tell.ts'

/** Every kind of message, written once more by hand. */
export const KINDS = [
  'webhook',
  'record',
  'list-item',
  'call-reply',
  'stop-reply',
] as const satisfies readonly MessageKind[]

export const NUMBERS = { from: '+12025550100', to: '+12025550123' } as const

/** What may be known of an attempt, each of it known or not. */
export const facts: fc.Arbitrary<StoryFacts> = fc.record(
  {
    from: fc.constant(NUMBERS.from),
    to: fc.constant(NUMBERS.to),
    ringMs: fc.nat(90).map((seconds) => seconds * 1000),
    talkMs: fc.nat(3_600_000),
    hangupBy: fc.constantFrom(
      ...(['caller', 'callee', 'agent', 'api', 'carrier', 'provider', 'unknown'] as const),
      null,
    ),
    voicemail: fc.constantFrom(true, false, null),
    cost: fc.nat(10_000).map((hundredths) => hundredths / 100),
    recordingUrl: fc.constantFrom('https://recordings.example/1', null),
    transcript: fc.constantFrom('user: Good morning.', null),
    extraction: fc.constantFrom({ interested: true }, null),
    scheduledFor: fc.constantFrom(1_769_421_600_000, null),
  },
  { requiredKeys: ['from', 'to'] },
)

/** A call of this provider with up to three attempts, each a legal path of its own, and every moment of it. */
export function stories(provider: Provider): fc.Arbitrary<readonly Moment[]> {
  const direction = fc.constantFrom<Direction>('outbound', 'inbound')
  return direction.chain((direction) => {
    const path = legalPath({ provider, direction, complete: false })
    const whole = legalPath({ provider, direction })
    return fc
      .record({
        callId: fc.uuid(),
        // Before the last attempt each has come to its end.
        earlier: fc.array(whole, { maxLength: 2 }),
        last: path,
        startAt: fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
        stepMs: fc.integer({ min: 1, max: 3_600_000 }),
        facts,
      })
      .map(({ callId, earlier, last, startAt, stepMs, facts }) => {
        const steps = stepsOf([...earlier, last], startAt, stepMs)
        return steps.map((step, place) => ({
          ...step,
          callId,
          direction,
          steps: steps.slice(0, place + 1),
          facts,
        }))
      })
  })
}

/** The moment at which a story has come to its end. */
export function momentOf(
  path: readonly CallStatus[],
  facts: Partial<StoryFacts> = {},
  direction: Direction = 'outbound',
): Moment {
  const steps = stepsOf([path], Date.UTC(2026, 0, 26, 10), 1000)
  const last = steps.at(-1)
  if (last === undefined) throw new Error('A story has a step at least.')
  return { ...last, callId: 'call-1', direction, steps, facts: { ...NUMBERS, ...facts } }
}

function stepsOf(
  paths: readonly (readonly CallStatus[])[],
  startAt: number,
  stepMs: number,
): Step[] {
  let begin = startAt
  return paths.flatMap((path, place) => {
    const events = eventsOf(path, { attempt: place + 1, startAt: begin, stepMs })
    begin += path.length * stepMs
    return events.map(({ attempt, status, occurredAt }) => ({ attempt, status, occurredAt }))
  })
}
