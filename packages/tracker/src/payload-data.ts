import { CALL_STATUSES, type CallStatus, parseStatus, phaseOf } from 'callstate'
import type { HistoryEntry } from './tracked-call.ts'

/** Fields of a message by name. */
export type Data = Readonly<Record<string, unknown>>

/** Objects and lists inside one another at most; what lies deeper is left out. */
export const MAX_DATA_DEPTH = 100

/**
 * The fields of all messages of a call, merged. Newer data fills fields and never erases: null, `""`,
 * an empty list or object and a missing field say nothing and do not overwrite. Objects are merged
 * field by field; lists and other values are replaced as a whole. Fields without a value are not there.
 *
 * "Newer" is by the call's lifecycle first (attempt, then phase of the status) and by the provider's
 * time only within a phase, so that a wrong clock does not let the partial cost that comes with
 * `call-disconnected` win over the final one of `completed`. The result depends on the set of entries,
 * never on their order. Texts that are no JSON object are skipped. Pure; never throws.
 *
 * @example
 * mergePayloads(await tracker.history(ref))['total_cost'] // 22.99
 */
export function mergePayloads(entries: readonly HistoryEntry[]): Data {
  return mergeSaid(entries.map((entry) => ({ entry, fields: fieldsOf(parsePayload(entry)) })))
}

/**
 * The fields that have a value in `after` and had none in `before`, as dotted paths in the order of
 * `after`; an object comes before its own fields. Pure.
 *
 * @example
 * fieldsGained({ cost: 1 }, { cost: 2, extracted_data: { name: 'A' } })
 * // ['extracted_data', 'extracted_data.name']
 */
export function fieldsGained(before: Data, after: Data): readonly string[] {
  return gainedUnder('', fieldsOf(before), fieldsOf(after))
}

/** An entry and what its message says. */
export interface Said {
  readonly entry: HistoryEntry
  /** As `fieldsOf` gives it. */
  readonly fields: Data
}

/** The message of an entry, where it is a JSON object; else null. Pure; never throws. */
export function parsePayload({ payload }: HistoryEntry): Data | null {
  if (payload === null) return null
  try {
    const value: unknown = JSON.parse(payload)
    return isFields(value) ? value : null
  } catch {
    return null
  }
}

/** The fields of a message that have a value. Pure. */
export function fieldsOf(message: Data | null): Data {
  return message === null ? {} : (withValue(message, 1) ?? {})
}

/** Merges what was said, whatever its order. Pure. */
export function mergeSaid(said: readonly Said[]): Data {
  const merged: Record<string, unknown> = {}
  const placed = said.map(({ entry, fields }) => ({ place: placeOf(entry), fields }))
  for (const { fields } of placed.toSorted((a, b) => comparePlaces(a.place, b.place))) {
    fill(merged, fields)
  }
  return merged
}

const PHASES = ['waiting', 'dialing', 'connected', 'wrapping-up', 'ended']

type Place = readonly (number | string)[]

/** Where an entry stands: by attempt, phase, provider's time, status and key. */
function placeOf({ event, key }: HistoryEntry): Place {
  const status = event.unrecognized ? null : parseStatus(event.status).status
  return [
    numberOr(event.attempt, 0),
    status === null ? -1 : PHASES.indexOf(phaseOf(status)),
    numberOr(event.occurredAt, Number.NEGATIVE_INFINITY),
    status === null ? -1 : CALL_STATUSES.indexOf(status satisfies CallStatus),
    key,
  ]
}

function comparePlaces(a: Place, b: Place): number {
  for (const [index, one] of a.entries()) {
    const other = b[index] as typeof one
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

function numberOr(value: number | null | undefined, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise
}

/** Puts the fields into `target`, which belongs to the caller alone. */
function fill(target: Record<string, unknown>, fields: Data): void {
  for (const [name, value] of Object.entries(fields)) {
    if (!isFields(value)) {
      target[name] = value
      continue
    }
    const known = Object.hasOwn(target, name) ? target[name] : undefined
    const inner: Record<string, unknown> = isFields(known) ? known : {}
    target[name] = inner
    fill(inner, value)
  }
}

/** A copy of the fields that have a value; undefined where none has. */
function withValue(fields: Data, depth: number): Data | undefined {
  if (depth > MAX_DATA_DEPTH) return undefined
  const entries = namedValues(fields).flatMap(([name, value]) => {
    const kept = isFields(value) ? withValue(value, depth + 1) : asItCame(value, depth + 1)
    const isEmpty = kept === '' || (Array.isArray(kept) && kept.length === 0)
    return kept === undefined || kept === null || isEmpty ? [] : [[name, kept] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** A copy of a value; of what lies in a list nothing is left out, but what lies too deep. */
function asItCame(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DATA_DEPTH) return null
  if (Array.isArray(value)) return value.map((element) => asItCame(element, depth + 1))
  const entries = namedValues(value as Data)
  return Object.fromEntries(entries.map(([name, inner]) => [name, asItCame(inner, depth + 1)]))
}

/** No provider has a field `__proto__`, and copying one about is how prototypes get polluted. */
function namedValues(fields: Data): readonly (readonly [string, unknown])[] {
  return Object.entries(fields).filter(([name]) => name !== '__proto__')
}

function gainedUnder(prefix: string, before: Data, after: Data): readonly string[] {
  return Object.entries(after).flatMap(([name, value]) => {
    const path = `${prefix}${name}`
    const known = Object.hasOwn(before, name) ? before[name] : undefined
    const own = known === undefined ? [path] : []
    if (!isFields(value)) return own
    return [...own, ...gainedUnder(`${path}.`, isFields(known) ? known : {}, value)]
  })
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
