import type { CallStatus, Direction, RetryPolicy } from 'callstate'
import type { EndedAttempt } from 'callstate/machine'
import type { Fate } from './fate.ts'
import type { Line } from './plan.ts'
import type { Random } from './random.ts'

/** A status that a call took on. */
export interface CallStep {
  readonly attempt: number
  readonly status: CallStatus
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly at: number
}

/** A call of the emulator as a provider side sees it; it changes while its life goes on. Times in milliseconds since 1970. */
export interface EmulatedCall {
  /** The provider's identifier. */
  readonly id: string
  readonly provider: string
  /** 0 for the provider's first call. */
  readonly index: number
  readonly direction: Direction
  readonly destination: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly policy: RetryPolicy | null
  readonly createdAt: number
  readonly status: CallStatus
  /** Number of the current or latest attempt, from 1. */
  readonly attempt: number
  /** No attempt goes on and none follows. */
  readonly isSettled: boolean
  /** Every status so far, the first one first; never empty. */
  readonly history: readonly CallStep[]
  /** The attempts that are over. */
  readonly ended: readonly EndedAttempt[]
  /** What becomes of the current attempt. The future: a side shows it only as far as the status has come. */
  readonly fate: Fate
  /** How the line behaves in the current attempt. The future, as above. */
  readonly line: Line
  /** When the call was to be queued: at its start, or by the latest automatic retry; else null. */
  readonly scheduledFor: number | null
  /** When the calling hours let it be queued again, while and after it was put off; else null. */
  readonly rescheduledFor: number | null
  /** When dialing began in the current attempt; else null. */
  readonly initiatedAt: number | null
  /** A stream of its own for this call and purpose; the same one at every request. */
  random(purpose: string): Random
}
