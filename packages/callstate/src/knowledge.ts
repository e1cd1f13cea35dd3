import { bitOf, type StatusBits } from './bits.ts'
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
export function addSighting(
  record: AttemptRecord,
  sighting: Sighting,
  bit: StatusBits,
): AttemptRecord {
  const { seen } = record
  if ((record.bits & bit) !== 0) {
    const found = seen.findIndex((known) => known.status === sighting.status)
    const known = seen[found] as Sighting
    const joined = joinSightings(known, sighting)
    if (joined === known) return record
    return { attempt: record.attempt, bits: record.bits, seen: seen.with(found, joined) }
  }
  // The bits below this one are the statuses that stand before it in the table.
  const place = record.bits < bit ? seen.length : countBits(record.bits & (bit - 1))
  return { attempt: record.attempt, bits: record.bits | bit, seen: insert(seen, place, sighting) }
}

/** Joins what two sources know of the same attempt. */
export function joinRecords(a: AttemptRecord, b: AttemptRecord): AttemptRecord {
  return b.seen.reduce((record, one) => addSighting(record, one, bitOf(one.status)), a)
}

/** Adds an attempt record to a list that is sorted by attempt number. */
export function addRecord(
  records: readonly AttemptRecord[],
  record: AttemptRecord,
): readonly AttemptRecord[] {
  return joinInto(records, record, (a, b) => a.attempt - b.attempt, joinRecords)
}

/** Adds a word outside the table to a list that is sorted by attempt number and word. */
export function addUnrecognized(
  words: readonly UnrecognizedSighting[],
  word: UnrecognizedSighting,
): readonly UnrecognizedSighting[] {
  return joinInto(words, word, compareWords, joinWords)
}

/** The sighting that one event makes. */
export function sightingOf(
  status: CallStatus,
  at: number | null,
  details: EventDetails | null | undefined,
): Sighting {
  return sighting(status, at, at, details, at)
}

// Records and sightings are made in one place and with the same keys in the same order: engines then
// give them one shape, without which `observe` takes twice as long.
function sighting(
  status: CallStatus,
  firstAt: number | null,
  lastAt: number | null,
  details: EventDetails | null | undefined,
  detailsAt: number | null | undefined,
): Sighting {
  return details
    ? { status, firstAt, lastAt, details, detailsAt: detailsAt ?? null }
    : { status, firstAt, lastAt }
}

/** A record that holds one sighting. */
export function recordWith(attempt: number, sighting: Sighting, bits: StatusBits): AttemptRecord {
  return { attempt, bits, seen: [sighting] }
}

function joinSightings(a: Sighting, b: Sighting): Sighting {
  const firstAt = earliest(a.firstAt, b.firstAt)
  const lastAt = latest(a.lastAt, b.lastAt)
  const { details, detailsAt } = laterDetails(a, b)
  const isKnown =
    firstAt === a.firstAt &&
    lastAt === a.lastAt &&
    details === a.details &&
    detailsAt === a.detailsAt
  return isKnown ? a : sighting(a.status, firstAt, lastAt, details, detailsAt)
}

function joinWords(a: UnrecognizedSighting, b: UnrecognizedSighting): UnrecognizedSighting {
  const firstAt = earliest(a.firstAt, b.firstAt)
  const lastAt = latest(a.lastAt, b.lastAt)
  return firstAt === a.firstAt && lastAt === a.lastAt ? a : { ...a, firstAt, lastAt }
}

/** Adds an item to a sorted list, or joins it with the item that stands there already. */
function joinInto<Item>(
  items: readonly Item[],
  item: Item,
  compare: (a: Item, b: Item) => number,
  join: (a: Item, b: Item) => Item,
): readonly Item[] {
  const place = items.filter((known) => compare(known, item) < 0).length
  const known = items[place]
  if (known === undefined || compare(known, item) > 0) return insert(items, place, item)
  const joined = join(known, item)
  return joined === known ? items : items.with(place, joined)
}

/** Later details win; at the same time the longer text, then the greater: any fixed order will do. */
function laterDetails(a: Sighting, b: Sighting): Sighting {
  if (!b.details) return a
  if (!a.details) return b
  const [textA, textB] = [jsonOf(a.details), jsonOf(b.details)]
  const order =
    (a.detailsAt ?? Number.NEGATIVE_INFINITY) - (b.detailsAt ?? Number.NEGATIVE_INFINITY) ||
    textA.length - textB.length ||
    compareText(textA, textB)
  return order < 0 ? b : a
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

// Details from a caller without types may be no JSON at all; they are kept, and all the same to us.
function jsonOf(details: EventDetails): string {
  try {
    return JSON.stringify(details) ?? ''
  } catch {
    return ''
  }
}

function compareWords(a: UnrecognizedSighting, b: UnrecognizedSighting): number {
  return (a.attempt ?? 0) - (b.attempt ?? 0) || compareText(a.raw, b.raw)
}

/** A copy with one more item. Written out: `toSpliced` would slow `observe` down by a fifth. */
function insert<Item>(items: readonly Item[], place: number, item: Item): readonly Item[] {
  const copy: Item[] = new Array(items.length + 1)
  for (let at = 0; at < copy.length; at++) {
    copy[at] = at === place ? item : (items[at < place ? at : at - 1] as Item)
  }
  return copy
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
