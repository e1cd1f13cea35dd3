import { type Call, LIFECYCLE, phaseOf, replay, type TerminalStatus } from 'callstate'
import { attemptOfEvent } from 'callstate/internal'
import type { Provider } from 'callstate/providers'
import { endsOf } from './attempt-ends.ts'
import { type Data, fieldsOf, isFields, parsePayload } from './payload-data-fields.ts'
import { sameData } from './same-data.ts'
import type { HistoryEntry, MessageEntry } from './tracked-call.ts'

export type { Data } from './payload-data-fields.ts'

/**
 * The fields of all messages of a call, merged within the attempt to which they belong, by attempt. Newer
 * data fills fields and never erases: null, `""`, an empty list or object and a missing field say nothing
 * and do not overwrite. Objects are merged field by field; lists and other values are replaced as a whole.
 * Fields without a value are not there, nor attempts without a message.
 *
 * "Newer" is by the lifecycle first (the phase of the status) and by the provider's time only within a
 * phase, so that a wrong clock does not let the partial cost that comes with `call-disconnected` win over
 * the final one of `completed`. Where an attempt was told two ends, what came with the one that counts goes
 * before what came with the other. What tells no status stands before what does. A message that does not
 * say its attempt belongs to the one into which `callstate` reads it, by all that is known of the call.
 * The result depends on the set of entries, never on their order. Texts that are no JSON object are
 * skipped. Pure; never throws.
 *
 * @example
 * dataByAttempt(await tracker.history(ref), bolna).get(1)?.['total_cost'] // 22.99
 */
export function dataByAttempt(
  history: readonly HistoryEntry[],
  provider?: Provider,
): ReadonlyMap<number, Data> {
  const { call } = replay(
    history.flatMap(({ type, event }) => (type === 'event' ? [event] : [])),
    { provider },
  )
  const places = history.flatMap((entry) =>
    entry.type === 'rebuilt' ? [] : [placeOf(entry, call)],
  )
  // Most calls have one attempt, and then nothing needs to be told apart.
  const ends = endsOf(call)
  const data = new Map<number, Record<string, unknown>>()
  for (const place of places.toSorted((a, b) => compare(a, b, ends.get(a.attempt)?.end ?? null))) {
    const merged = data.get(place.attempt) ?? {}
    merge(merged, fieldsOf(parsePayload(place.entry)))
    data.set(place.attempt, merged)
  }
  return data
}

/** Whether the merged data of a call's other entries are changed by this one. Pure. */
export function bringsData(
  entry: HistoryEntry,
  others: readonly HistoryEntry[],
  provider: Provider,
): boolean {
  const before = dataByAttempt(others, provider)
  return !sameData(before, dataByAttempt([...others, entry], provider))
}

/** Where an entry stands among those of its call. */
interface Place {
  readonly entry: MessageEntry
  readonly attempt: number
}

function placeOf(entry: MessageEntry, call: Call): Place {
  return { entry, attempt: attemptOfEvent(call, entry.event) }
}

/** Below 0 where `a` stands before `b`; `end` is the one that counts in the attempt of `a`. */
function compare(a: Place, b: Place, end: TerminalStatus | null): number {
  if (a.attempt !== b.attempt) return a.attempt - b.attempt
  const [rank, other] = [ranksOf(a.entry, end), ranksOf(b.entry, end)]
  const differing = rank.findIndex((value, place) => value !== other[place])
  if (differing < 0) return a.entry.key < b.entry.key ? -1 : 1
  return (rank[differing] ?? 0) < (other[differing] ?? 0) ? -1 : 1
}

const PHASES = ['waiting', 'dialing', 'connected', 'wrapping-up', 'ended']

/** Phase, whether it is the end that counts, provider's time, status. */
function ranksOf({ event }: MessageEntry, end: TerminalStatus | null): readonly number[] {
  const { status, occurredAt } = event
  const at = typeof occurredAt === 'number' ? occurredAt : Number.NEGATIVE_INFINITY
  if (status === null) return [-1, 0, at, -1]
  return [PHASES.indexOf(phaseOf(status)), Number(status === end), at, LIFECYCLE[status].number]
}

/** Merges fields that all have a value, and that are nobody else's. */
function merge(into: Record<string, unknown>, fields: Data): void {
  for (const [name, value] of Object.entries(fields)) {
    const known = Object.hasOwn(into, name) ? into[name] : undefined
    if (isFields(known) && isFields(value)) merge(known, value)
    else into[name] = value
  }
}
