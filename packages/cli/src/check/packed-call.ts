import {
  type AttemptRecord,
  CALL_STATUSES,
  type Call,
  type CallStatus,
  type EventDetails,
  type RetryPolicy,
  type Sighting,
} from 'callstate'

/** A line of a call's findings as the ledger keeps it; file and message are numbers of shared texts. */
export type PackedFinding = readonly [
  file: number | string,
  line: number,
  kind: number,
  message: number | string,
]

/** What is kept of one call while the log is read. */
export interface TrackedCall {
  readonly provider: number
  call: Call
  /** How many events got each decision, in the order of `DECISION_KINDS`. */
  readonly decisions: number[]
  readonly findings: PackedFinding[]
  /** The unrecognized words that are findings already; null where there are none. */
  words: Set<string> | null
}

/** Different values that are kept once for all calls. */
export const SHARED_VALUES = 10_000

/**
 * Texts and values that many calls share, kept once and named by number. Beyond the limit they
 * are kept in place, so that a hostile log cannot fill it.
 */
export class SharedValues<Value extends string | object> {
  readonly #limit: number
  /** By the value itself and, as others may be equal to it, by its text. */
  readonly #numbers = new Map<string | Value, number>()
  readonly #values: Value[] = []

  constructor(limit = SHARED_VALUES) {
    this.#limit = limit
  }

  pack(value: Value): number | Value {
    const same = this.#numbers.get(value)
    if (same !== undefined) return same
    const key = typeof value === 'string' ? value : JSON.stringify(value)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    if (this.#values.length >= this.#limit) return value
    this.#numbers.set(key, this.#values.length).set(value, this.#values.length)
    return this.#values.push(value) - 1
  }

  unpack(packed: number | Value): Value {
    return typeof packed === 'number' ? (this.#values[packed] as Value) : packed
  }
}

export type SharedPolicies = SharedValues<RetryPolicy>

// A text takes a fifth of the memory that the objects take. Times are differences, which are short;
// only what a log line can bring is kept, so the rest of a call need not be.

type PackedTime = number | null | readonly [number]
type PackedDetails = readonly [
  at: PackedTime,
  talkMs?: number | null,
  voicemail?: 0 | 1 | null,
  policy?: number | RetryPolicy | null,
]
type PackedSighting = readonly [
  status: number,
  first: PackedTime,
  last: PackedTime,
  details?: PackedDetails,
]
type PackedRecord = readonly [attempt: number, ...seen: PackedSighting[]]
type WithoutWords = readonly [
  provider: number,
  decisions: number[],
  base: number,
  status: number,
  attempt: number,
  heard: readonly PackedRecord[],
  findings: PackedFinding[],
]

type Packed = readonly [...WithoutWords, words?: readonly string[]]

/** Packs a call into a text. `call.unrecognized` is left out: no answer depends on it. Pure. */
export function packCall(tracked: TrackedCall, policies: SharedPolicies): string {
  const { call } = tracked
  const base = baseOf(call)
  const packed: WithoutWords = [
    tracked.provider,
    tracked.decisions,
    base,
    call.status === null ? -1 : CALL_STATUSES.indexOf(call.status),
    call.attempt,
    call.heard.map((record) => [
      record.attempt,
      ...record.seen.map((sighting) => packSighting(sighting, base, policies)),
    ]),
    tracked.findings,
  ]
  const { words } = tracked
  return JSON.stringify(words === null ? packed : [...packed, [...words]])
}

/** The call that `packCall` packed. Pure. */
export function unpackCall(text: string, policies: SharedPolicies): TrackedCall {
  const [provider, decisions, base, status, attempt, heard, findings, words] = JSON.parse(
    text,
  ) as Packed
  const call: Call = {
    status: CALL_STATUSES[status] ?? null,
    attempt,
    heard: heard.map(([number, ...seen]) =>
      recordOf(
        number,
        seen.map((sighting) => unpackSighting(sighting, base, policies)),
      ),
    ),
    unrecognized: [],
  }
  return { provider, call, decisions, findings, words: words === undefined ? null : new Set(words) }
}

function packSighting(
  { status, firstAt, lastAt, details, detailsAt }: Sighting,
  base: number,
  policies: SharedPolicies,
): PackedSighting {
  const index = CALL_STATUSES.indexOf(status)
  const first = packTime(firstAt, base)
  const last = packTime(lastAt, firstAt ?? base)
  if (details === undefined) return [index, first, last]
  const { talkMs, voicemail, retryPolicy } = details
  const at = packTime(detailsAt ?? null, lastAt ?? base)
  const talk = talkMs ?? null
  const machine = voicemail === undefined ? null : voicemail ? 1 : 0
  if (retryPolicy !== undefined) {
    return [index, first, last, [at, talk, machine, policies.pack(retryPolicy)]]
  }
  if (machine !== null) return [index, first, last, [at, talk, machine]]
  return [index, first, last, talk === null ? [at] : [at, talk]]
}

function unpackSighting(
  [index, first, last, packed]: PackedSighting,
  base: number,
  policies: SharedPolicies,
): Sighting {
  const status = CALL_STATUSES[index] as CallStatus
  const firstAt = unpackTime(first, base)
  const lastAt = unpackTime(last, firstAt ?? base)
  if (packed === undefined) return { status, firstAt, lastAt }
  const [at, talkMs = null, voicemail = null, policy = null] = packed
  const details: EventDetails = {
    ...(voicemail === null ? {} : { voicemail: voicemail === 1 }),
    ...(talkMs === null ? {} : { talkMs }),
    ...(policy === null ? {} : { retryPolicy: policies.unpack(policy) }),
  }
  return { status, firstAt, lastAt, details, detailsAt: unpackTime(at, lastAt ?? base) }
}

/** A time as a difference; one for which that is not exact stands in brackets as it is. */
function packTime(at: number | null, base: number): PackedTime {
  if (at === null) return null
  return Number.isSafeInteger(at) && Number.isSafeInteger(at - base) ? at - base : [at]
}

function unpackTime(packed: PackedTime, base: number): number | null {
  return typeof packed === 'number' ? base + packed : packed === null ? null : packed[0]
}

function baseOf({ heard }: Call): number {
  const at = heard[0]?.seen[0]?.firstAt ?? 0
  return Number.isSafeInteger(at) ? at : 0
}

function recordOf(attempt: number, seen: readonly Sighting[]): AttemptRecord {
  const bits = seen.reduce((all, { status }) => all | (1 << CALL_STATUSES.indexOf(status)), 0)
  return { attempt, bits, seen }
}
