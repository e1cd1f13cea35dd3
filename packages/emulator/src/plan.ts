import type { CallStatus, Direction } from 'callstate'
import type { Fate } from './fate.ts'
import type { Random, Range } from './random.ts'

/** One step of an attempt: the status that comes, so many milliseconds after the one before. */
export interface PlannedStep {
  readonly status: CallStatus
  readonly afterMs: number
}

/** How the line behaves in one attempt; all times in milliseconds. */
export interface Line {
  /** From dialing to the first ring. */
  readonly postDialMs: number
  readonly ringMs: number
  /** How long the two sides spoke; 0 where they did not. */
  readonly talkMs: number
  /** A machine answered. */
  readonly isVoicemail: boolean
}

/** What becomes of one attempt, from its place in the queue to its end. */
export interface AttemptPlan {
  readonly fate: Fate
  readonly line: Line
  /** Steps in the queue, where the call can still be put off or refused; empty for inbound calls. */
  readonly waiting: readonly PlannedStep[]
  /** Steps from dialing on. */
  readonly dialed: readonly PlannedStep[]
}

// Where the durations come from: `stated` in Bolna's documents, `observed` in public records of its
// calls, or our reading. All in milliseconds. Other providers publish none, and share them.

/** Observed: initiated_at 1.5, 3.5 and 5.5 seconds after created_at. */
const QUEUE_MS: Range = [1_500, 5_500]
/** Our reading: what fails before dialing fails in the queue's time or sooner. */
const REFUSAL_MS: Range = [500, 3_000]
/** Observed: `ringing` 2 to 3 seconds after `initiated`. */
const POST_DIAL_MS: Range = [2_000, 3_000]
/** Observed: answered after 3, 6 and 15 seconds of ringing. */
const ANSWER_RING_MS: Range = [3_000, 15_000]
/** Observed: busy after 19 to 22 seconds of ringing. */
const BUSY_RING_MS: Range = [15_000, 22_000]
/** Observed: no answer after 44 seconds of ringing; the lower end is our reading. */
const UNANSWERED_RING_MS: Range = [30_000, 45_000]
/** Our reading: a failure or a cancellation cuts the ringing short. */
const CUT_RING_MS: Range = [1_000, 12_000]
/** Our reading: a provider that does not respond is given up after this. */
const SILENCE_MS: Range = [20_000, 40_000]
/** Observed: conversations of 13 to 92 seconds. */
const TALK_MS: Range = [13_000, 92_000]
/** Our reading: a machine's greeting, and a short message. */
const VOICEMAIL_TALK_MS: Range = [5_000, 20_000]
/** Observed: `completed` 10 to 15 seconds after the line went down. */
const SOON_COMPLETED_MS: Range = [10_000, 15_000]
/** Stated: "~2-3 minutes". */
const USUALLY_COMPLETED_MS: Range = [120_000, 180_000]
/** Our reading of how often the observed one is seen rather than the stated one. */
const SOON_SHARE = 0.7
/** Observed: about 13 minutes. */
const LATE_COMPLETED_MS: Range = [600_000, 840_000]

/**
 * Plans one attempt. Pure but for the stream that it draws from.
 *
 * Every list is a legal path of the lifecycle: outbound from `queued` on, inbound from its start.
 */
export function planAttempt(fate: Fate, direction: Direction, random: Random): AttemptPlan {
  const draw = (range: Range) => random.whole(range)
  const postDialMs = draw(POST_DIAL_MS)
  const isOutbound = direction === 'outbound'
  const plan = (
    ringMs: number,
    talkMs: number,
    dialed: readonly PlannedStep[],
    waiting: readonly PlannedStep[] = [],
  ): AttemptPlan => ({
    fate,
    line: {
      postDialMs: isOutbound ? postDialMs : 0,
      ringMs,
      talkMs,
      isVoicemail: fate === 'voicemail',
    },
    waiting,
    dialed: isOutbound ? [step('initiated', draw(QUEUE_MS)), ...dialed] : dialed,
  })
  const refused = (status: CallStatus) => plan(0, 0, [], [step(status, draw(REFUSAL_MS))])
  const unanswered = (status: CallStatus, ring: Range) => {
    const ringMs = draw(ring)
    return plan(ringMs, 0, [step('ringing', postDialMs), step(status, ringMs)])
  }
  const connected = (talkMs: number, end: readonly PlannedStep[]) => {
    // Inbound calls start when the line is up. Stated: they begin at the step of `in-progress`.
    const ringMs = isOutbound ? draw(ANSWER_RING_MS) : 0
    const ringing = isOutbound ? [step('ringing', postDialMs)] : []
    return plan(ringMs, talkMs, [...ringing, step('in-progress', ringMs), ...end])
  }
  const spoken = (talkMs: number, lagMs: number) =>
    connected(talkMs, [step('call-disconnected', talkMs), step('completed', lagMs)])
  const usualLag = () => draw(random.chance(SOON_SHARE) ? SOON_COMPLETED_MS : USUALLY_COMPLETED_MS)

  switch (fate) {
    case 'answered':
    case 'rescheduled':
    case 'retried':
      return spoken(draw(TALK_MS), usualLag())
    case 'late-completed':
      return spoken(draw(TALK_MS), draw(LATE_COMPLETED_MS))
    case 'voicemail':
      return spoken(draw(VOICEMAIL_TALK_MS), usualLag())
    case 'rejected':
      // Stated: a rejected call can arrive as completed. The table has no way there but over the line.
      return spoken(0, usualLag())
    case 'busy':
      return unanswered('busy', BUSY_RING_MS)
    case 'no-answer':
      return unanswered('no-answer', UNANSWERED_RING_MS)
    case 'canceled':
      return random.chance(0.5) ? refused('canceled') : unanswered('canceled', CUT_RING_MS)
    case 'failed':
      return random.chance(0.5)
        ? plan(0, 0, [step('failed', postDialMs)])
        : unanswered('failed', CUT_RING_MS)
    case 'stopped':
      return plan(0, 0, [step('stopped', draw(SILENCE_MS))])
    case 'error': {
      const talkMs = draw(TALK_MS)
      const isEarly = random.chance(0.5)
      if (isEarly && isOutbound) return refused('error')
      return isEarly
        ? connected(talkMs, [step('error', talkMs)])
        : connected(talkMs, [step('call-disconnected', talkMs), step('error', usualLag())])
    }
    case 'balance-low':
      return refused('balance-low')
    default:
      return fate satisfies never
  }
}

function step(status: CallStatus, afterMs: number): PlannedStep {
  return { status, afterMs }
}
