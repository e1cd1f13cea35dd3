import type { EventExpectation, SampleExpectation } from './samples.ts'

// What is written without types would otherwise be compared with nothing, or with the wrong thing.

const EVENT_KEYS = {
  callId: true,
  status: true,
  word: true,
  attempt: true,
  occurredAt: true,
  kind: true,
  eventId: true,
  sequence: true,
} as const satisfies Record<keyof EventExpectation, true>

const KEYS = {
  reads: true,
  events: true,
  needsAnswer: true,
  ...EVENT_KEYS,
} as const satisfies Record<keyof SampleExpectation, true>

const READS = ['events', 'data', 'skip'] as const satisfies readonly SampleExpectation['reads'][]

/** What is wrong with how a sample says what it expects, as half a sentence; null where nothing is. */
export function whatIsWrongWithExpectation(expect: unknown): string | null {
  if (expect === undefined) return null
  if (Array.isArray(expect)) {
    return 'has a list as expect; several events are expected as { events: […] }'
  }
  if (typeof expect !== 'object' || expect === null) return 'has no object as expect'
  const { type, reads = 'events', events = [] }: Readonly<Record<string, unknown>> = { ...expect }
  const isRead = (word: unknown) => READS.some((known) => known === word)
  if (type !== undefined) {
    return `expects a type; say ${isRead(type) ? `{ reads: '${type}' }` : ANY_OF_READS}`
  }
  if (!isRead(reads)) return `expects to be read as something else; say ${ANY_OF_READS}`
  if (!Array.isArray(events)) return 'has no list as expect.events'
  return strangeKey(expect, KEYS) ?? strangeKeyAmong(events)
}

const ANY_OF_READS = "{ reads: 'events' }, { reads: 'data' } or { reads: 'skip' }"

function strangeKeyAmong(events: readonly unknown[]): string | null {
  const wrong = events.map((event) => strangeKey(Object(event), EVENT_KEYS))
  return wrong.find((why) => why !== null) ?? null
}

function strangeKey(expect: object, known: object): string | null {
  const strange = Object.keys(expect).find((key) => !Object.hasOwn(known, key))
  if (strange === undefined) return null
  const keys = Object.keys(known).join(', ')
  return `expects "${strange}", which is compared with nothing; there are ${keys}`
}
