import { attemptsOf } from './attempts.ts'
import { bitsOf, WAITING_BITS } from './bits.ts'
import type { AttemptRecord, Call, EventDetails, Sighting } from './call.ts'
import { LINE_UP_BITS } from './evidence.ts'
import { CALL_STATUSES, type CallStatus, type IntermediateStatus } from './lifecycle.ts'
import { mayRetry, type RetryPolicy, retryDelayMs } from './retry-policy.ts'
import { isTerminal, phaseOf } from './status.ts'

const MINUTE_MS = 60_000

/** One line of a call's timeline; `occurredAt` is the earliest provider time, null where none was given. */
export interface TimelineEntry {
  readonly attempt: number
  readonly status: CallStatus
  readonly occurredAt: number | null
}

/**
 * Every status heard, by attempt and then in the order of the lifecycle: waiting statuses, which go
 * back and forth, and ends by provider time, the others as the table has them, so that a wrong clock
 * does not turn the story round. Pure.
 *
 * @example
 * timeline(call) // [{ attempt: 1, status: 'queued', occurredAt: 1_767_225_600_000 }, …]
 */
export function timeline(call: Call): readonly TimelineEntry[] {
  return attemptsOf(call).flatMap((record) =>
    record.seen.toSorted(byLifecycle).map(({ status, firstAt }) => ({
      attempt: record.attempt,
      status,
      occurredAt: firstAt,
    })),
  )
}

/**
 * Whether the call is over for good: its latest attempt has ended and the retry policy allows no
 * further one. Without a policy argument the one that the provider sent with the call counts; where
 * there is neither, an ended attempt is taken as the last. Pure.
 *
 * @example
 * isSettled(call, { maxAttempts: 3, retryOn: ['busy'], retryOnVoicemail: false, delaysMs: [1_800_000] })
 */
export function isSettled(call: Call, policy?: RetryPolicy): boolean {
  return call.status !== null && isTerminal(call.status) && !awaitsRetry(call, policy)
}

/** How long a status may last before silence becomes suspicious, in milliseconds; null is no limit. */
export type Budgets = Readonly<Record<IntermediateStatus, number | null>> & {
  /** After an end that the policy retries: how long after the planned time the next attempt may begin. */
  readonly retry: number | null
}

/**
 * The default budgets. `queued` has none: Bolna queues calls beyond the concurrency limit and never
 * drops them. `scheduled` and `rescheduled` count from the planned time where it is known.
 * `call-disconnected`: the documents say 2 to 3 minutes, 13 minutes were seen, hence 15. The others are
 * our reading: no network lets a phone ring for two minutes, and few calls last an hour.
 */
export const DEFAULT_BUDGETS_MS: Budgets = {
  scheduled: 15 * MINUTE_MS,
  prepared: null,
  queued: null,
  rescheduled: 15 * MINUTE_MS,
  initiated: 5 * MINUTE_MS,
  ringing: 3 * MINUTE_MS,
  'in-progress': 60 * MINUTE_MS,
  'call-disconnected': 15 * MINUTE_MS,
  retry: 15 * MINUTE_MS,
}

/**
 * When silence about this call becomes suspicious, in milliseconds since 1970; null where it never
 * does: the call is settled, its status has no limit, or its time is unknown. It says when to ask the
 * provider, not that the call has ended. Pure.
 *
 * @example
 * const due = dueAt(call, { 'call-disconnected': 30 * 60_000 })
 * if (due !== null && due < Date.now()) askTheProvider()
 */
export function dueAt(
  call: Call,
  budgets: Partial<Budgets> = {},
  policy?: RetryPolicy,
): number | null {
  const sighting = currentSighting(call)
  if (call.status === null || sighting === undefined) return null
  const limits = { ...DEFAULT_BUDGETS_MS, ...budgets }
  const since = sighting.lastAt
  if (isTerminal(call.status)) {
    const retry = policyOf(call, policy)
    if (retry === undefined || !awaitsRetry(call, retry)) return null
    const end = { attempt: call.attempt, status: call.status }
    return sum(since, retryDelayMs(retry, end), limits.retry)
  }
  const limit = limits[call.status]
  if (call.status === 'scheduled' || call.status === 'rescheduled') {
    return sum(sighting.details?.scheduledFor ?? null, 0, limit)
  }
  return sum(since, 0, limit)
}

/** How long the parts of an attempt took, in milliseconds; null where it cannot be told. */
export interface Durations {
  readonly ringingMs: number | null
  readonly talkingMs: number | null
  readonly wrappingUpMs: number | null
}

/**
 * The durations of one attempt, the latest by default. What the provider states goes first; otherwise
 * they are the differences of provider times. A difference below zero (wrong clocks) is null. Pure.
 *
 * @example
 * durations(call) // { ringingMs: 6000, talkingMs: 48600, wrappingUpMs: 13000 }
 */
export function durations(call: Call, attempt: number = call.attempt): Durations {
  const seen = attemptsOf(call).find((record) => record.attempt === attempt)?.seen ?? []
  const at = (status: CallStatus) =>
    seen.find((sighting) => sighting.status === status)?.firstAt ?? null
  const end = seen.find((sighting) => isTerminal(sighting.status))?.firstAt ?? null
  return {
    ringingMs: stated(seen, 'ringMs') ?? between(at('ringing'), at('in-progress') ?? end),
    talkingMs: stated(seen, 'talkMs') ?? between(at('in-progress'), at('call-disconnected')),
    wrappingUpMs: between(at('call-disconnected'), at('completed')),
  }
}

/** What became of the call, which its status does not say: `completed` does not prove that a person spoke. */
export type Outcome = 'reached' | 'voicemail' | 'not-reached' | 'not-placed' | 'unknown'

/**
 * What became of the latest attempt. `reached`: a person was on the line. `voicemail`: a machine
 * answered. `not-reached`: it was dialed, and nobody spoke. `not-placed`: it was never dialed.
 * `unknown`: it goes on, or the events do not tell. Pure.
 *
 * Sources: Bolna says that a rejected call can arrive as `completed` and to check the conversation's
 * duration, and that voicemail rests at `completed` with `answered_by_voice_mail`.
 *
 * @example
 * outcome(replay([{ status: 'completed', details: { talkMs: 0 } }]).call) // 'not-reached'
 */
export function outcome(call: Call): Outcome {
  const record = attemptsOf(call).at(-1)
  if (record === undefined || call.status === null || !isTerminal(call.status)) return 'unknown'
  const { seen, bits } = record
  if (seen.some((sighting) => sighting.details?.voicemail === true)) return 'voicemail'
  if (call.status === 'balance-low') return 'not-placed'
  if (call.status === 'busy' || call.status === 'no-answer') return 'not-reached'
  const talkMs = stated(seen, 'talkMs')
  if (talkMs !== null && talkMs > 0) return 'reached'
  if ((bits & LINE_UP_BITS) !== 0) return talkMs === 0 ? 'not-reached' : 'reached'
  if ((bits & DIALED_BITS) !== 0 || call.status === 'failed' || talkMs === 0) return 'not-reached'
  return call.status !== 'completed' && (bits & WAITING_BITS) !== 0 ? 'not-placed' : 'unknown'
}

const DIALED_BITS = /* @__PURE__ */ bitsOf(['initiated', 'ringing'])

function awaitsRetry(call: Call, given: RetryPolicy | undefined): boolean {
  const policy = policyOf(call, given)
  if (policy === undefined || call.status === null) return false
  const voicemail = outcome(call) === 'voicemail'
  return mayRetry(policy, { attempt: call.attempt, status: call.status, voicemail })
}

/** The policy that was given, or else the one that came with the latest news of the call. */
function policyOf(call: Call, given: RetryPolicy | undefined): RetryPolicy | undefined {
  if (given !== undefined) return given
  const policies = attemptsOf(call).map((record) => last(record, 'retryPolicy'))
  return policies.findLast((policy) => policy !== undefined)
}

function currentSighting(call: Call): Sighting | undefined {
  return attemptsOf(call)
    .at(-1)
    ?.seen.find((sighting) => sighting.status === call.status)
}

function last<Key extends keyof EventDetails>(record: AttemptRecord, key: Key) {
  return record.seen.findLast((sighting) => sighting.details?.[key] !== undefined)?.details?.[key]
}

/** The number that the latest status of the lifecycle states under this key. */
function stated(seen: readonly Sighting[], key: 'ringMs' | 'talkMs'): number | null {
  const value = seen.findLast((sighting) => sighting.details?.[key] !== undefined)?.details?.[key]
  return value ?? null
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null || to < from ? null : to - from
}

function sum(...parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>(
    (total, part) => (total === null || part === null ? null : total + part),
    0,
  )
}

function byLifecycle(a: Sighting, b: Sighting): number {
  return rank(a) - rank(b) || timeRank(a) - timeRank(b) || place(a) - place(b)
}

function rank({ status }: Sighting): number {
  const phase = phaseOf(status)
  if (phase === 'waiting') return 0
  return phase === 'ended' ? CALL_STATUSES.length : place({ status })
}

/** Only waiting statuses and ends are told apart by time; what came without one goes first. */
function timeRank({ firstAt }: Sighting): number {
  return firstAt ?? Number.MIN_SAFE_INTEGER
}

function place({ status }: Pick<Sighting, 'status'>): number {
  return CALL_STATUSES.indexOf(status)
}
