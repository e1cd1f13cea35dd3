import fc from 'fast-check'
import type { EventDetails, HangupParty } from '../call.ts'
import {
  type CallStatus,
  type IntermediateStatus,
  TERMINAL_STATUSES,
  type TerminalStatus,
} from '../lifecycle.ts'
import { type LifecycleOptions, startsOf } from '../own-lifecycle.ts'
import { type RetryPolicy, retryDelayMs } from '../retry-policy.ts'
import { isTerminal } from '../status.ts'
import { START_AT, type TimedEvent } from './events.ts'
import { legalPath } from './legal-path.ts'
import { waysOf } from './ways.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

const MAX_PATH_LENGTH = 12

/** Which calls are wanted; with `provider`, each attempt is a path of its own lifecycle. */
export interface CallWithRetriesConstraints extends LifecycleOptions {
  /** The most attempts that a policy allows; 3 when left out. */
  readonly maxAttempts?: number
  /** Whether every call is settled at its last event (the default) or may stop anywhere. */
  readonly complete?: boolean
  /** Whether events carry details that fit their times (the default) or none. */
  readonly details?: boolean
}

/** One placed call: what happened, in the order in which it happened. */
export interface CallWithRetries {
  readonly policy: RetryPolicy
  /** The path of each attempt. */
  readonly paths: readonly (readonly CallStatus[])[]
  /** All events, in order, with strictly increasing provider times. */
  readonly events: readonly TimedEvent[]
}

/**
 * An outbound call of one or more attempts under a retry policy. Every attempt but the last ends in
 * a way that the policy retries, and the next one begins after the policy's delay. `replay(events)`
 * is the truth about the call; `deliveries(events)` is what a receiver gets of it.
 *
 * How long a status lasts is drawn between the bounds that public records of real calls suggest.
 * Shrinks towards one short attempt.
 *
 * @example
 * fc.assert(
 *   fc.property(callWithRetries(), ({ events, policy }) =>
 *     isSettled(replay(events).call, policy),
 *   ),
 * )
 */
export function callWithRetries(
  constraints: CallWithRetriesConstraints = {},
): fc.Arbitrary<CallWithRetries> {
  const { maxAttempts = 3, complete = true, details = true } = constraints
  const start = fc.nat({ max: 365 * 24 * HOUR_MS }).map((ms) => START_AT + ms)
  const ends = endsOf(constraints)
  const isRetried = ends.some(isRetryable) || (details && ends.includes('completed'))
  const most = isRetried ? maxAttempts : 1
  const plan = fc.integer({ min: 1, max: most }).chain((count) =>
    retryPolicy(ends, count, maxAttempts, details).chain((policy) => {
      const retried = Array.from({ length: count - 1 }, () => retriedAttempt(policy, constraints))
      return fc.record({
        policy: fc.constant(policy),
        attempts: fc.tuple(...retried, lastAttempt(policy, count, complete, constraints)),
      })
    }),
  )
  return fc.tuple(plan, start).map(([{ policy, attempts }, startAt]) => ({
    policy,
    paths: attempts.map((attempt) => attempt.path),
    events: eventsOfAttempts(attempts, policy, startAt, details),
  }))
}

interface Attempt {
  readonly path: readonly CallStatus[]
  /** How long each status lasts: 0 the shortest, 999 the longest. */
  readonly paces: readonly number[]
  readonly hangupBy: HangupParty
  /** Whether a machine answers, if anyone does. */
  readonly voicemail: boolean
}

/** Which ends a policy may retry here. Of `completed` only voicemail is, and nobody dials again after a stop. */
const RETRYABLE = {
  completed: false,
  'balance-low': false,
  busy: true,
  'no-answer': true,
  canceled: false,
  failed: true,
  stopped: false,
  error: true,
} as const satisfies Record<TerminalStatus, boolean>

const isRetryable = (end: TerminalStatus) => RETRYABLE[end]

/** The ends that a call placed by our side can come to. */
function endsOf({ provider }: LifecycleOptions): readonly TerminalStatus[] {
  const { steps } = waysOf({ provider })
  const starts = startsOf('outbound', provider)
  return TERMINAL_STATUSES.filter((end) =>
    starts.some((start) => steps(start, end) <= MAX_PATH_LENGTH),
  )
}

function retryPolicy(
  ends: readonly TerminalStatus[],
  attempts: number,
  maxAttempts: number,
  details: boolean,
): fc.Arbitrary<RetryPolicy> {
  const retryable = ends.filter(isRetryable)
  // Only details tell that a machine answered.
  const mayBeVoicemail = details && ends.includes('completed')
  const mustBeVoicemail = attempts > 1 && retryable.length === 0
  return fc
    .record({
      maxAttempts: fc.integer({ min: attempts, max: maxAttempts }),
      retryOn: fc.subarray(retryable, { minLength: Math.min(1, retryable.length) }),
      retryOnVoicemail:
        mayBeVoicemail && !mustBeVoicemail ? fc.boolean() : fc.constant(mustBeVoicemail),
      delaysMs: fc.array(fc.integer({ min: MINUTE_MS, max: 24 * HOUR_MS }), {
        minLength: 1,
        maxLength: 3,
      }),
    })
    .map((policy) => {
      // Where the policy retries every end there is, only the last allowed attempt settles the call.
      const settles = ends.some((end) => !policy.retryOn.includes(end))
      return settles ? policy : { ...policy, maxAttempts: attempts }
    })
}

function retriedAttempt(policy: RetryPolicy, options: LifecycleOptions): fc.Arbitrary<Attempt> {
  const ends = TERMINAL_STATUSES.filter((end) => policy.retryOn.includes(end))
  const ways = [
    ...(ends.length === 0 ? [] : [attempt(outboundPath(ends, options), fc.constant(false))]),
    ...(policy.retryOnVoicemail
      ? [attempt(outboundPath(['completed'], options), fc.constant(true))]
      : []),
  ]
  return fc.oneof(...ways)
}

function lastAttempt(
  policy: RetryPolicy,
  number: number,
  complete: boolean,
  options: LifecycleOptions,
): fc.Arbitrary<Attempt> {
  const { provider } = options
  const isLastAllowed = number === policy.maxAttempts
  if (!complete) {
    return attempt(legalPath({ direction: 'outbound', complete, provider }), fc.boolean())
  }
  const ends = endsOf(options).filter((end) => isLastAllowed || !policy.retryOn.includes(end))
  const mayBeVoicemail = isLastAllowed || !policy.retryOnVoicemail
  return attempt(outboundPath(ends, options), mayBeVoicemail ? fc.boolean() : fc.constant(false))
}

function outboundPath(ends: readonly TerminalStatus[], { provider }: LifecycleOptions) {
  return legalPath({ direction: 'outbound', maxLength: MAX_PATH_LENGTH, ends, provider })
}

function attempt(
  path: fc.Arbitrary<readonly CallStatus[]>,
  voicemail: fc.Arbitrary<boolean>,
): fc.Arbitrary<Attempt> {
  return fc.record({
    path,
    paces: fc.array(fc.nat({ max: 999 }), {
      minLength: MAX_PATH_LENGTH,
      maxLength: MAX_PATH_LENGTH,
    }),
    hangupBy: fc.constantFrom<HangupParty[]>('callee', 'agent', 'api', 'unknown'),
    voicemail,
  })
}

/** How long a status lasts, at least and at most. */
const LASTS_MS = {
  scheduled: [SECOND_MS, HOUR_MS],
  prepared: [SECOND_MS, MINUTE_MS],
  queued: [SECOND_MS / 2, 2 * MINUTE_MS],
  rescheduled: [HOUR_MS, 16 * HOUR_MS],
  initiated: [SECOND_MS / 2, 6 * SECOND_MS],
  ringing: [SECOND_MS, 45 * SECOND_MS],
  'in-progress': [2 * SECOND_MS, 5 * MINUTE_MS],
  'call-disconnected': [SECOND_MS, 15 * MINUTE_MS],
} as const satisfies Record<IntermediateStatus, readonly [least: number, most: number]>

function eventsOfAttempts(
  attempts: readonly Attempt[],
  policy: RetryPolicy,
  startAt: number,
  withDetails: boolean,
): readonly TimedEvent[] {
  const events: TimedEvent[] = []
  let now = startAt
  for (const [index, { path, paces, hangupBy, voicemail }] of attempts.entries()) {
    const attempt = index + 1
    const since = new Map<CallStatus, number>()
    for (const [place, status] of path.entries()) {
      const until = now + lastingMs(policy, { attempt, status }, paces[place] ?? 0)
      since.set(status, now)
      const facts = { now, until, since, policy, hangupBy, voicemail }
      const details = withDetails ? detailsOf(status, facts) : null
      const event = { status, attempt, occurredAt: now }
      events.push(details === null ? event : { ...event, details })
      now = until
    }
  }
  return events
}

/** An end lasts until the policy's delay is over. */
function lastingMs(
  policy: RetryPolicy,
  { attempt, status }: { readonly attempt: number; readonly status: CallStatus },
  pace: number,
): number {
  if (isTerminal(status)) return retryDelayMs(policy, { attempt, status })
  const [least, most] = LASTS_MS[status]
  return Math.round(least + ((most - least) * pace) / 999)
}

function detailsOf(
  status: CallStatus,
  facts: Pick<Attempt, 'hangupBy' | 'voicemail'> & {
    readonly now: number
    readonly until: number
    readonly since: ReadonlyMap<CallStatus, number>
    readonly policy: RetryPolicy
  },
): EventDetails | null {
  const { now, until, since, policy, hangupBy, voicemail } = facts
  if (status === 'scheduled' || status === 'rescheduled') return { scheduledFor: until }
  const answeredAt = since.get('in-progress')
  const ringingAt = since.get('ringing')
  const ringMs = ringingAt === undefined ? {} : { ringMs: (answeredAt ?? now) - ringingAt }
  if (answeredAt === undefined || status === 'in-progress') {
    if (!isTerminal(status)) return null
    // A provider without a word for a line that is up tells at the end alone who answered.
    return { ...ringMs, ...(status === 'completed' && { voicemail }), retryPolicy: policy }
  }
  const talkMs = (since.get('call-disconnected') ?? now) - answeredAt
  const heard = { ...ringMs, talkMs, hangupBy }
  if (!isTerminal(status)) return heard
  return { ...heard, voicemail, retryPolicy: policy }
}
