import type { CallStatus, Direction, RetryPolicy } from 'callstate'
import { isTerminal } from 'callstate'
import {
  applyEvent,
  applyJobEvent,
  type CallJobSnapshot,
  type CallSnapshot,
  callJobMachine,
  type EndedAttempt,
  snapshotAt,
} from 'callstate/machine'
import { initialTransition } from 'xstate'
import { EmulatorError } from './error.ts'

/** One call in the machines: every step that the emulator takes passes through here. */
export interface Lifeline {
  readonly status: CallStatus
  readonly attempt: number
  readonly ended: readonly EndedAttempt[]
  readonly isSettled: boolean
  /** When the next attempt is due, in milliseconds since 1970; null where none is waited for. */
  readonly retryAt: number | null
  /** Takes on a status. Throws `machine-refused` where `callMachine` or `callJobMachine` refuses it. */
  enter(status: CallStatus, at: number, isVoicemail: boolean): void
  /** Opens the next attempt, at `scheduled`. Throws `machine-refused` where none may follow. */
  retry(at: number): void
}

/** What a lifeline needs to know of its call. */
export interface LifelineOptions {
  readonly start: CallStatus
  readonly at: number
  readonly direction: Direction
  readonly isGuarded: boolean
  readonly policy: RetryPolicy | null
}

export function createLifeline(options: LifelineOptions): Lifeline {
  const { direction, policy } = options
  const input = { direction, guardrailsConfigured: options.isGuarded }
  let call: CallSnapshot = snapshotAt(options.start, {
    ...input,
    attempt: 1,
    occurredAt: options.at,
  })
  let [job]: readonly [CallJobSnapshot, unknown] = initialTransition(callJobMachine, { policy })

  const tellJob = (event: Parameters<typeof applyJobEvent>[1]) => {
    const applied = applyJobEvent(job, event)
    if (!applied.ok) throw refused(`${event.type} at ${job.value}`, applied.rejection.reason)
    job = applied.snapshot
  }

  return {
    get status() {
      return call.value
    },
    get attempt() {
      return job.context.attempt
    },
    get ended() {
      return job.context.ended
    },
    get isSettled() {
      return job.value === 'settled'
    },
    get retryAt() {
      return job.context.dueAt
    },
    enter(status, at, isVoicemail) {
      const applied = applyEvent(call, { type: status, occurredAt: at })
      if (!applied.ok) throw refused(`${call.value} to ${status}`, applied.rejection.reason)
      call = applied.snapshot
      if (!isTerminal(status)) return
      const voicemail = status === 'completed' && isVoicemail
      tellJob({ type: 'attempt-ended', status, voicemail, occurredAt: at })
    },
    retry(at) {
      const attempt = job.context.attempt + 1
      tellJob({ type: 'attempt-opened', attempt })
      call = snapshotAt('scheduled', { ...input, attempt, occurredAt: at })
    },
  }
}

function refused(what: string, reason: string): EmulatorError {
  return new EmulatorError('machine-refused', `The machine refuses ${what}: ${reason}.`)
}
