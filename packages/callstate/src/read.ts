import { attemptsOf, recordOf } from './attempts.ts'
import { bitsOf, WAITING_BITS } from './bits.ts'
import type { AttemptRecord, Call, EventDetails, Sighting } from './call.ts'
import { LINE_UP_BITS } from './evidence.ts'
import {
  CALL_STATUSES,
  type CallStatus,
  type IntermediateStatus,
  type TerminalStatus,
} from './lifecycle.ts'
import { byRank } from './rank.ts'
import { asRead } from './reading.ts'
import { mayRetry, type RetryPolicy, retryDelayMs } from './retry-policy.ts'
import { statedIn } from './retry-policy-for.ts'
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
  const { status, attempt } = asRead(call)
  if (status === null || !isTerminal(status)) return false
  const retry = policyOf(call, policy)
  return !retry || !mayRetry(retry, { attempt, status, voicemail: outcome(call) === 'voicemail' })
}

/** How long a status may last before silence becomes suspicious, in milliseconds; null is no limit. */
export type Budgets = Readonly<Record<IntermediateStatus, number | null>> & {
  /** After an end that the policy retries: how long after the planned time the next attempt may begin. */
  readonly retry: number | null
}

/**
 * The default budgets. `queued` has none: Bolna queues calls beyond the concurrency limit and never
 * drops them. `scheduled` and `rescheduled` count from the planned time; where it is unknown they have none.
 * `call-disconnected`: the documents say 2 to 3 minutes, 13 minutes were seen, hence 15. The others are
 * our reading: no network lets a phone ring for two minutes, and few calls last an hour.
 */
const BUDGETS_MS: Budgets = {
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

/** Which statuses wait for a planned time, from which their budget counts. */
const IS_PLANNED = {
  scheduled: true,
  prepared: false,
  queued: false,
  rescheduled: true,
  initiated: false,
  ringing: false,
  'in-progress': false,
  'call-disconnected': false,
} as const satisfies Record<IntermediateStatus, boolean>

/**
 * What counts where nothing else is said: `budgetsMs`, how long each status may last before silence
 * becomes suspicious, in milliseconds.
 *
 * @example
 * DEFAULTS.budgetsMs.ringing // 180_000
 */
export const DEFAULTS: { readonly budgetsMs: Budgets } = { budgetsMs: BUDGETS_MS }

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
  const { status, attempt, heard } = asRead(call)
  const sighting = recordOf(heard, attempt)?.seen.find((known) => known.status === status)
  if (status === null || sighting === undefined) return null
  const limits = { ...BUDGETS_MS, ...budgets }
  if (!isTerminal(status)) {
    const since = IS_PLANNED[status] ? sighting.details?.scheduledFor : sighting.lastAt
    return later(since, limits[status])
  }
  const retry = policyOf(call, policy)
  if (!retry || isSettled(call, retry)) return null
  return later(later(sighting.lastAt, retryDelayMs(retry, { attempt, status })), limits.retry)
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
export function durations(call: Call, attempt?: number): Durations {
  const known = asRead(call)
  const record = recordOf(known.heard, attempt ?? known.attempt)
  const seen = inOrder(record)
  const at = (status: CallStatus) =>
    seen.find((sighting) => sighting.status === status)?.firstAt ?? null
  // Where the line was up, or may have been, the end of the attempt is not the end of ringing.
  const endsRinging = ({ status, firstAt }: Sighting) =>
    isTerminal(status) && ENDS_RINGING[status] && firstAt !== null
  const unanswered = seen.find(endsRinging)?.firstAt ?? null
  const wasUp = record !== undefined && (record.bits & LINE_UP_BITS) !== 0
  return {
    ringingMs:
      stated(seen, 'ringMs') ??
      between(at('ringing'), at('in-progress') ?? (wasUp ? null : unanswered)),
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
 * It is read off what was heard: where webhooks are lost, so may be the proof that the phone was dialed
 * or the line was up.
 *
 * Sources: Bolna says that a rejected call can arrive as `completed` and to check the conversation's
 * duration, and that voicemail rests at `completed` with `answered_by_voice_mail`.
 *
 * @example
 * outcome(replay([{ status: 'completed', details: { talkMs: 0 } }]).call) // 'not-reached'
 */
export function outcome(call: Call): Outcome {
  const { status, attempt, heard } = asRead(call)
  const record = recordOf(heard, attempt)
  if (record === undefined || status === null || !isTerminal(status)) return 'unknown'
  const { bits } = record
  const seen = inOrder(record)
  if (seen.some((sighting) => sighting.details?.voicemail === true)) return 'voicemail'
  const talkMs = stated(seen, 'talkMs')
  const spoke = talkMs === undefined ? (bits & LINE_UP_BITS) !== 0 : talkMs > 0
  if (spoke) return 'reached'
  if (talkMs === 0) return 'not-reached'
  if (status === 'completed') return 'unknown'
  if ((bits & DIALED_BITS) !== 0) return 'not-reached'
  const wasNotDialed = PROVES_DIALING[status] === false || (bits & WAITING_BITS) !== 0
  return wasNotDialed ? 'not-placed' : 'unknown'
}

/**
 * Which statuses prove that the call was dialed (`true`) or never was (`false`); null where one says
 * neither. Bolna says of `failed` that the call did not connect.
 */
const PROVES_DIALING = {
  scheduled: null,
  prepared: null,
  queued: null,
  rescheduled: null,
  initiated: true,
  ringing: true,
  'in-progress': true,
  'call-disconnected': true,
  completed: null,
  'balance-low': false,
  busy: true,
  'no-answer': true,
  canceled: null,
  failed: true,
  stopped: null,
  error: null,
} as const satisfies Record<CallStatus, boolean | null>

const DIALED_BITS = /* @__PURE__ */ bitsOf(
  /* @__PURE__ */ CALL_STATUSES.filter((status) => PROVES_DIALING[status]),
)

/** Which ends are the end of ringing, where nobody answered. */
const ENDS_RINGING = {
  completed: false,
  'balance-low': false,
  busy: true,
  'no-answer': true,
  canceled: true,
  failed: false,
  stopped: false,
  error: false,
} as const satisfies Record<TerminalStatus, boolean>

/** The policy that was given, or else the one that came with the latest news of the call. */
function policyOf(call: Call, given: RetryPolicy | undefined): RetryPolicy | undefined {
  return given ?? statedIn(call)
}

/** What the latest status of the lifecycle says under this key. */
function stated<Key extends keyof EventDetails>(
  seen: readonly Sighting[],
  key: Key,
): EventDetails[Key] | undefined {
  return seen.findLast(({ details }) => details?.[key] !== undefined)?.details?.[key]
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null || to < from ? null : to - from
}

function later(time: number | null | undefined, delayMs: number | null): number | null {
  return typeof time === 'number' && delayMs !== null ? time + delayMs : null
}

/** What was seen in an attempt, the least far along first. */
function inOrder(record: AttemptRecord | undefined): readonly Sighting[] {
  return record?.seen.toSorted(byRank) ?? []
}

function byLifecycle(a: Sighting, b: Sighting): number {
  const phase = phaseOf(a.status)
  const isByTime = phase === phaseOf(b.status) && phase !== 'dialing'
  return (isByTime && timeOf(a) - timeOf(b)) || byRank(a, b)
}

// What came without a time goes first.
const timeOf = ({ firstAt }: Sighting) => firstAt ?? 0
