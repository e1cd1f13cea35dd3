import type { AttemptRecord, Call, Sighting } from './call.ts'
import { addRecord, addSighting } from './knowledge.ts'
import { isTerminal } from './status.ts'

/**
 * What is known of each attempt, by attempt number: what was heard with an attempt number, and what
 * was heard without one, read into the attempt where it belongs. Pure; depends on the set of events
 * alone.
 *
 * A status that came without an attempt number belongs to the latest attempt that had begun at its
 * time. Without a time too, it is read as part of the latest attempt, unless another attempt is known
 * to have had it: then it says nothing new.
 */
export function attemptsOf(call: Pick<Call, 'attempts' | 'unplaced'>): readonly AttemptRecord[] {
  const { attempts, unplaced } = call
  if (unplaced.bits === 0) return attempts
  if (attempts.length === 0) return [unplaced]
  return unplaced.seen.reduce((placed, sighting) => {
    const { status, firstAt, lastAt } = sighting
    const last = placeOf(attempts, sighting, lastAt)
    const first = placeOf(attempts, sighting, firstAt)
    if (first === last) return addRecord(placed, recordOf(first, sighting))
    const opening: Sighting = { status, firstAt, lastAt: firstAt }
    return addRecord(
      addRecord(placed, recordOf(first, opening)),
      recordOf(last, { ...sighting, firstAt: lastAt }),
    )
  }, attempts)
}

/** The attempt to which a status at this time belongs, by what is known of the attempts that were said. */
export function placeOf(
  attempts: readonly AttemptRecord[],
  sighting: Pick<Sighting, 'status'>,
  at: number | null,
): number {
  const latest = attempts.at(-1)
  if (latest === undefined) return 1
  if (at === null) {
    const has = (record: AttemptRecord) =>
      record.seen.some((known) => known.status === sighting.status)
    return (attempts.findLast(has) ?? latest).attempt
  }
  for (let place = attempts.length - 1; place >= 0; place--) {
    const record = attempts[place] as AttemptRecord
    if (hadBegun(record, attempts[place - 1], at)) return record.attempt
  }
  // Before the first attempt that was said: it can only belong to one that was not.
  return Math.max(1, (attempts[0] as AttemptRecord).attempt - 1)
}

function hadBegun(record: AttemptRecord, previous: AttemptRecord | undefined, at: number): boolean {
  const begin = Math.min(...record.seen.map((known) => known.firstAt ?? Number.POSITIVE_INFINITY))
  if (begin !== Number.POSITIVE_INFINITY) return at >= begin
  const ends = previous?.seen.filter((known) => isTerminal(known.status)) ?? []
  return ends.every((end) => end.firstAt === null || at > end.firstAt)
}

function recordOf(attempt: number, sighting: Sighting): AttemptRecord {
  return addSighting({ attempt, bits: 0, seen: [] }, sighting)
}
