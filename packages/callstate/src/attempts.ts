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
export function attemptsOf({ heard }: Pick<Call, 'heard'>): readonly NumberedRecord[] {
  return attemptsIn(readable(heard))
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
  return attemptNumber(attempt) ?? placeOf(readable(heard), status, timeOrNull(occurredAt))
}

/**
 * What was heard, without the statuses that only a later release knows, which has more of them: they are
 * kept and not read. All that follows takes what came from here.
 */
export function readable(heard: readonly AttemptRecord[]): readonly AttemptRecord[] {
  for (const { bits } of heard) if ((bits & ~KNOWN_BITS) !== 0) return heard.flatMap(known)
  return heard
}

function known({ attempt, bits, seen }: AttemptRecord): readonly AttemptRecord[] {
  const isKnown = ({ status }: Sighting) => bitOf(status) !== 0
  const record = { attempt, bits: bits & KNOWN_BITS, seen: seen.filter(isKnown) }
  return record.bits === 0 ? [] : [record]
}

function attemptsIn(heard: readonly AttemptRecord[]): readonly NumberedRecord[] {
  if (areNumbered(heard)) return heard
  const unsaid = heard[0] as AttemptRecord
  const said = heard.filter(isNumbered)
  if (said.length === 0) return [{ ...unsaid, attempt: 1 }]
  // Each status was heard at its first time, at its last and at that of its details.
  return unsaid.seen
    .reduce<readonly AttemptRecord[]>(
      (placed, { status, firstAt, lastAt, details, detailsAt }) =>
        [firstAt, lastAt, detailsAt ?? lastAt].reduce((records, at, place) => {
          const sighting = sightingOf(status, at, at, place === 2 ? details : undefined)
          return addRecord(records, recordWith(placeIn(said, status, at), sighting, bitOf(status)))
        }, placed),
      said,
    )
    .filter(isNumbered)
}

/** What is known of one attempt; undefined where nothing is. */
export function recordOf(
  heard: readonly AttemptRecord[],
  attempt: number,
): AttemptRecord | undefined {
  // The common case, one attempt, is answered without building the list of attempts.
  const only = heard[0]
  if (only === undefined || heard.length > 1) {
    return attemptsIn(heard).find((record) => record.attempt === attempt)
  }
  return (only.attempt ?? 1) === attempt ? only : undefined
}

/** The latest attempt and what is known of it; undefined where nothing was heard. */
export function latestOf(heard: readonly AttemptRecord[]): AttemptRecord | undefined {
  return heard.length > 1 ? attemptsIn(heard).at(-1) : heard[0]
}

/**
 * The attempt to which a status at this time belongs, by what is known of the attempts that were said. Without
 * a time, what was heard so before with one already is the same thing heard again.
 */
export function placeOf(
  heard: readonly AttemptRecord[],
  status: CallStatus | null,
  at: number | null,
): number {
  if (areNumbered(heard)) return placeIn(heard, status, at)
  if (heard.length === 1) return 1
  const same = heard[0]?.seen.find((sighting) => sighting.status === status)
  return placeIn(heard.filter(isNumbered), status, at ?? same?.lastAt ?? null)
}

function placeIn(
  said: readonly NumberedRecord[],
  status: CallStatus | null,
  at: number | null,
): number {
  const [first] = said
  const latest = said.at(-1)
  if (first === undefined || latest === undefined) return 1
  if (at === null) {
    const has = ({ seen }: AttemptRecord) => seen.some((sighting) => sighting.status === status)
    return (said.findLast(has) ?? latest).attempt
  }
  const place = said.findLastIndex((record, index) => hadBegun(record, said[index - 1], status, at))
  // Before the first attempt that was said, it can only belong to one that was not.
  return said[place]?.attempt ?? (first.attempt > 1 ? first.attempt - 1 : 1)
}

function isNumbered(record: AttemptRecord): record is NumberedRecord {
  return record.attempt !== null
}

// What did not say its attempt stands first.
function areNumbered(heard: readonly AttemptRecord[]): heard is readonly NumberedRecord[] {
  return heard[0]?.attempt !== null
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
