import { indexOfStatus } from './bits.ts'
import type { AttemptRecord, EventDetails, Sighting, UnrecognizedSighting } from './call.ts'
import type { CallStatus } from './lifecycle.ts'

// Every function here is a join: commutative, associative, idempotent. That is what makes a call
// independent of the order and the number of its events. A join that adds nothing returns its left
// side itself, so that callers can tell by identity that nothing changed.

/** Joins two times; null is "not said". */
const earliest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null || a <= b ? a : b

const latest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null || a >= b ? a : b

/** Adds one sighting to what is known of an attempt. */
export function addSighting(record: AttemptRecord, sighting: Sighting): AttemptRecord {
  const { seen } = record
  const index = indexOfStatus(sighting.status)
  if (index === undefined) return record
  const bit = 1 << index
  if ((record.bits & bit) !== 0) {
    const at = seen.findIndex((known) => known.status === sighting.status)
    const known = seen[at]
    if (known === undefined) return record
    const joined = joinSightings(known, sighting)
    return joined === known ? record : { ...record, seen: seen.with(at, joined) }
  }
  const bits = record.bits | bit
  // The bits below this one are the statuses that stand before it in the table.
  const place = record.bits < bit ? seen.length : countBits(record.bits & (bit - 1))
  const next = seen.slice()
  if (place === seen.length) next.push(sighting)
  else next.splice(place, 0, sighting)
  return { attempt: record.attempt, bits, seen: next }
}

/** Joins what two sources know of the same attempt. */
export function joinRecords(a: AttemptRecord, b: AttemptRecord): AttemptRecord {
  return b.seen.reduce(addSighting, a)
}

/** Adds an attempt record to a list that is sorted by attempt number. */
export function addRecord(
  records: readonly AttemptRecord[],
  record: AttemptRecord,
): readonly AttemptRecord[] {
  const at = records.findIndex((known) => known.attempt >= record.attempt)
  const known = records[at]
  if (known === undefined) return [...records, record]
  if (known.attempt !== record.attempt) return records.toSpliced(at, 0, record)
  const joined = joinRecords(known, record)
  return joined === known ? records : records.with(at, joined)
}

/** Adds a word outside the table to a list that is sorted by attempt number and word. */
export function addUnrecognized(
  words: readonly UnrecognizedSighting[],
  word: UnrecognizedSighting,
): readonly UnrecognizedSighting[] {
  const at = words.findIndex((known) => compareWords(known, word) >= 0)
  const known = words[at]
  if (known === undefined) return [...words, word]
  if (compareWords(known, word) !== 0) return words.toSpliced(at, 0, word)
  const firstAt = earliest(known.firstAt, word.firstAt)
  const lastAt = latest(known.lastAt, word.lastAt)
  if (firstAt === known.firstAt && lastAt === known.lastAt) return words
  return words.with(at, { ...known, firstAt, lastAt })
}

/** The sighting that one event makes. Details that are not a JSON object are left out. */
export function sightingOf(
  status: CallStatus,
  at: number | null,
  details: EventDetails | undefined,
): Sighting {
  if (details === undefined || jsonOf(details) === null) return { status, firstAt: at, lastAt: at }
  return { status, firstAt: at, lastAt: at, details, detailsAt: at }
}

function joinSightings(a: Sighting, b: Sighting): Sighting {
  const firstAt = earliest(a.firstAt, b.firstAt)
  const lastAt = latest(a.lastAt, b.lastAt)
  const source = laterDetails(a, b)
  if (firstAt === a.firstAt && lastAt === a.lastAt && source.details === a.details) {
    if (source.detailsAt === a.detailsAt) return a
  }
  const { status } = a
  if (source.details === undefined) return { status, firstAt, lastAt }
  return { status, firstAt, lastAt, details: source.details, detailsAt: source.detailsAt ?? null }
}

/** Later details win; at the same time the longer text, then the greater: any fixed order will do. */
function laterDetails(a: Sighting, b: Sighting): Sighting {
  if (b.details === undefined) return a
  if (a.details === undefined) return b
  const [atA, atB] = [a.detailsAt ?? null, b.detailsAt ?? null]
  if (atA !== atB) return latest(atA, atB) === atA ? a : b
  const [textA, textB] = [jsonOf(a.details) ?? '', jsonOf(b.details) ?? '']
  if (textA.length !== textB.length) return textA.length > textB.length ? a : b
  return textA >= textB ? a : b
}

function jsonOf(details: EventDetails): string | null {
  try {
    const text = JSON.stringify(details)
    return typeof text === 'string' && text.startsWith('{') ? text : null
  } catch {
    return null
  }
}

function compareWords(a: UnrecognizedSighting, b: UnrecognizedSighting): number {
  const attempts = (a.attempt ?? 0) - (b.attempt ?? 0)
  if (attempts !== 0) return attempts
  return a.raw === b.raw ? 0 : a.raw < b.raw ? -1 : 1
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
