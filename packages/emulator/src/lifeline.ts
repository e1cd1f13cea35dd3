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
  return new MachineLifeline(options)
}

/** A class, since every call has one: a getter in an object literal costs every object half a kilobyte. */
class MachineLifeline implements Lifeline {
  readonly #input: { readonly direction: Direction; readonly guardrailsConfigured: boolean }
  #call: CallSnapshot
  #job: CallJobSnapshot

  constructor({ start, at, direction, isGuarded, policy }: LifelineOptions) {
    this.#input = { direction, guardrailsConfigured: isGuarded }
    this.#call = snapshotAt(start, { ...this.#input, attempt: 1, occurredAt: at })
    const [job] = initialTransition(callJobMachine, { policy })
    this.#job = job
  }

  get status() {
    return this.#call.value
  }

  get attempt() {
    return this.#job.context.attempt
  }

  get ended() {
    return this.#job.context.ended
  }

  get isSettled() {
    return this.#job.value === 'settled'
  }

  get retryAt() {
    return this.#job.context.retryAt
  }

  enter(status: CallStatus, at: number, isVoicemail: boolean): void {
    const applied = applyEvent(this.#call, { type: status, occurredAt: at })
    if (!applied.ok) throw refused(`${this.status} to ${status}`, applied.rejection.reason)
    this.#call = applied.snapshot
    if (!isTerminal(status)) return
    const voicemail = status === 'completed' && isVoicemail
    this.#tellJob({ type: 'attempt-ended', status, voicemail, occurredAt: at })
  }

  retry(at: number): void {
    const attempt = this.attempt + 1
    this.#tellJob({ type: 'attempt-opened', attempt })
    this.#call = snapshotAt('scheduled', { ...this.#input, attempt, occurredAt: at })
  }

  #tellJob(event: Parameters<typeof applyJobEvent>[1]): void {
    const applied = applyJobEvent(this.#job, event)
    if (!applied.ok) throw refused(`${event.type} at ${this.#job.value}`, applied.rejection.reason)
    this.#job = applied.snapshot
  }
}

function refused(what: string, reason: string): EmulatorError {
  return new EmulatorError('machine-refused', `The machine refuses ${what}: ${reason}.`)
}
