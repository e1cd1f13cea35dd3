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
  const { attempt, bits, seen } = record
  // The common case goes first. They stand in the order of the numbers, so that equal knowledge is written alike.
  if (bits < bit) return { attempt, bits: bits | bit, seen: insert(seen, seen.length, sighting) }
  const known = seen.find(({ status }) => status === sighting.status)
  if (known === undefined) {
    const place = seen.filter((other) => placeOf(other) < placeOf(sighting)).length
    return { attempt, bits: bits | bit, seen: insert(seen, place, sighting) }
  }
  const joined = joinSightings(known, sighting)
  if (joined === known) return record
  return { attempt, bits, seen: seen.map((one) => (one === known ? joined : one)) }
}

/** A status of a later release, whose number is not known here, stands last. */
const placeOf = ({ status }: Sighting): number => bitOf(status) || Number.POSITIVE_INFINITY

/** Joins what two sources know of the same attempt; also of statuses that only a later release knows. */
export function joinRecords(a: AttemptRecord, b: AttemptRecord): AttemptRecord {
  const joined = b.seen.reduce((record, one) => addSighting(record, one, bitOf(one.status)), a)
  const bits = joined.bits | b.bits
  return bits === joined.bits ? joined : { attempt: joined.attempt, bits, seen: joined.seen }
}

/** Adds an attempt record to a list that is sorted by attempt number. */
export function addRecord(
  records: readonly AttemptRecord[],
  record: AttemptRecord,
): readonly AttemptRecord[] {
  return joinInto(records, record, (a, b) => byAttempt(a.attempt, b.attempt), joinRecords)
}

/** Adds a word outside the table to a list that is sorted by attempt number and word. */
export function addUnrecognized(
  words: readonly UnrecognizedSighting[],
  word: UnrecognizedSighting,
): readonly UnrecognizedSighting[] {
  return joinInto(words, word, compareWords, joinWords)
}

/**
 * A status heard once or more often. Sightings and records are made with the same keys in the same
 * order: engines then give them one shape, without which `observe` takes twice as long.
 */
export function sightingOf(
  status: CallStatus,
  firstAt: number | null,
  lastAt: number | null,
  details?: EventDetails | null,
  detailsAt: number | null = lastAt,
): Sighting {
  return details ? { status, firstAt, lastAt, details, detailsAt } : { status, firstAt, lastAt }
}

/** A record that holds one sighting. */
export function recordWith(
  attempt: number | null,
  sighting: Sighting,
  bits: StatusBits,
): AttemptRecord {
  return { attempt, bits, seen: [sighting] }
}

function joinSightings(a: Sighting, b: Sighting): Sighting {
  const firstAt = earliest(a.firstAt, b.firstAt)
  const lastAt = latest(a.lastAt, b.lastAt)
  const { details, detailsAt } = joinDetails(a, b)
  return firstAt === a.firstAt &&
    lastAt === a.lastAt &&
    details === a.details &&
    detailsAt === a.detailsAt
    ? a
    : sightingOf(a.status, firstAt, lastAt, details, detailsAt)
}

/**
 * Later details win. At the same time they are joined key by key, where the greater text wins: any
 * fixed order will do.
 */
function joinDetails(a: Sighting, b: Sighting): Pick<Sighting, 'details' | 'detailsAt'> {
  if (!a.details || !b.details) return b.details ? b : a
  const order =
    (a.detailsAt ?? Number.NEGATIVE_INFINITY) - (b.detailsAt ?? Number.NEGATIVE_INFINITY)
  if (order) return order > 0 ? a : b
  const known: Readonly<Record<string, unknown>> = { ...a.details }
  const gained = Object.entries(b.details).filter(
    ([key, value]) => textOf(value) > textOf(known[key]),
  )
  if (gained.length === 0) return a
  return { details: { ...known, ...Object.fromEntries(gained) }, detailsAt: a.detailsAt ?? null }
}

// Details are plain data by their type; a caller without types must not make this throw.
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
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

/** By number; what did not say its attempt stands first. */
const byAttempt = (a: number | null, b: number | null): number => (a ?? 0) - (b ?? 0)

function compareWords(a: UnrecognizedSighting, b: UnrecognizedSighting): number {
  return byAttempt(a.attempt, b.attempt) || Number(a.word > b.word) - Number(a.word < b.word)
}

/** A copy with one more item. Written out: `toSpliced` would slow `observe` down by a fifth. */
function insert<Item>(items: readonly Item[], place: number, item: Item): readonly Item[] {
  const copy: Item[] = new Array(items.length + 1)
  for (let at = 0; at < place; at++) copy[at] = items[at] as Item
  copy[place] = item
  for (let at = place; at < items.length; at++) copy[at + 1] = items[at] as Item
  return copy
}
