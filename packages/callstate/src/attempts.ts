import { bitOf, KNOWN_BITS } from './bits.ts'
import type { AttemptRecord, Call, CallEvent, Sighting } from './call.ts'
import { addRecord, recordWith, sightingOf } from './knowledge.ts'
import type { CallStatus } from './lifecycle.ts'
import { attemptNumber, timeOrNull } from './said.ts'
import { isTerminal } from './status.ts'

/** What is known of one attempt whose number is known, be it said or read. */
export interface NumberedRecord extends AttemptRecord {
  readonly attempt: number
}

/**
 * What is known of each attempt, by attempt number: what was heard with an attempt number, and what
 * was heard without one, read into the attempt where it belongs. Pure; depends on the set of events
 * alone.
 *
 * A status that came without an attempt number belongs to the latest attempt that had begun at its
 * time. Without a time too, it is read as part of the latest attempt, unless another attempt is known
 * to have had it: then it says nothing new.
 *
 * @example
 * attemptsOf(replay([{ status: 'busy', attempt: 1 }, { status: 'queued', attempt: 2 }]).call).length // 2
 */
export function attemptsOf(call: Pick<Call, 'heard'>): readonly NumberedRecord[] {
  const heard = readable(call.heard)
  const unsaid = heard[0]
  if (unsaid === undefined || unsaid.attempt !== null) return heard.filter(isNumbered)
  if (heard.length === 1) return [{ ...unsaid, attempt: 1 }]
  // Each status was heard at its first time, at its last and at that of its details.
  return unsaid.seen
    .reduce<readonly AttemptRecord[]>(
      (placed, { status, firstAt, lastAt, details, detailsAt = lastAt }) =>
        [firstAt, lastAt, detailsAt].reduce((records, at, place) => {
          const sighting = sightingOf(status, at, at, place === 2 ? details : undefined)
          return addRecord(records, recordWith(placeOf(heard, status, at), sighting, bitOf(status)))
        }, placed),
      heard.slice(1),
    )
    .filter(isNumbered)
}

/**
 * The attempt of an event: the one that it says, or else the one into which `attemptsOf` reads it, by
 * what is known of the call. A message that tells no status (`status: null`) belongs to the latest attempt
 * that had begun at its time, and without a time to the latest. Pure.
 *
 * @example
 * attemptOfEvent(replay([{ status: 'queued', attempt: 2 }]).call, { status: null }) // 2
 */
export function attemptOfEvent(
  { heard }: Pick<Call, 'heard'>,
  { status, attempt, occurredAt }: Pick<CallEvent, 'status' | 'attempt' | 'occurredAt'>,
): number {
  return attemptNumber(attempt) ?? placeOf(heard, status, timeOrNull(occurredAt))
}

/** What is known of one attempt; undefined where nothing is. */
export function recordOf(
  heard: readonly AttemptRecord[],
  attempt: number,
): AttemptRecord | undefined {
  // The common case, one attempt, is answered without building the list of attempts.
  const only = heard[0]
  if (only === undefined || heard.length > 1 || hasForeign(only)) {
    return attemptsOf({ heard }).find((record) => record.attempt === attempt)
  }
  return (only.attempt ?? 1) === attempt ? only : undefined
}

/** The latest attempt and what is known of it; undefined where nothing was heard. */
export function latestOf(heard: readonly AttemptRecord[]): AttemptRecord | undefined {
  const only = heard[0]
  return only === undefined || heard.length > 1 || hasForeign(only)
    ? attemptsOf({ heard }).at(-1)
    : only
}

/** The attempt to which a status at this time belongs, by what is known of the attempts that were said. */
export function placeOf(
  heard: readonly AttemptRecord[],
  status: CallStatus | null,
  at: number | null,
): number {
  const only = heard[0]
  if (heard.length < 2 && (only === undefined || only.attempt === null)) return 1
  const said = readable(heard).filter(isNumbered)
  const [first, latest] = [said[0], said.at(-1)]
  if (first === undefined || latest === undefined) return 1
  if (at === null) {
    const has = (record: AttemptRecord) => record.seen.some((known) => known.status === status)
    return (said.findLast(has) ?? latest).attempt
  }
  const place = said.findLastIndex((record, index) => hadBegun(record, said[index - 1], status, at))
  // Before the first attempt that was said, it can only belong to one that was not.
  return said[place]?.attempt ?? (first.attempt > 1 ? first.attempt - 1 : 1)
}

/** Whether it holds what only a later release knows, which has more statuses. */
export function hasForeign(record: AttemptRecord): boolean {
  return (record.bits & ~KNOWN_BITS) !== 0
}

/** What was heard, without the statuses that only a later release knows: they are kept and not read. */
function readable(heard: readonly AttemptRecord[]): readonly AttemptRecord[] {
  if (!heard.some(hasForeign)) return heard
  return heard.flatMap(({ attempt, bits, seen }) => {
    const known = bits & KNOWN_BITS
    const isKnown = ({ status }: Sighting) => bitOf(status) !== 0
    return known === 0 ? [] : [{ attempt, bits: known, seen: seen.filter(isKnown) }]
  })
}

function isNumbered(record: AttemptRecord): record is NumberedRecord {
  return record.attempt !== null
}

function hadBegun(
  record: AttemptRecord,
  previous: AttemptRecord | undefined,
  status: CallStatus | null,
  at: number,
): boolean {
  const begins = record.seen.flatMap(({ firstAt }) => firstAt ?? [])
  if (begins.length > 0) return at >= Math.min(...begins)
  // No time of this attempt is known: it had begun if this comes after the end of the one before.
  const ends = previous?.seen.filter((known) => isTerminal(known.status)) ?? []
  return ends.every((end) => end.status !== status && (end.firstAt === null || at > end.firstAt))
}
