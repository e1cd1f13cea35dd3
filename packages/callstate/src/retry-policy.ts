import type { CallStatus } from './lifecycle.ts'

/**
 * When a provider places another attempt of the same call by itself. Plain data, taken from the
 * provider's own settings (Bolna `retry_config`, Dialgen `retryStrategy`).
 */
export interface RetryPolicy {
  /** Attempts in all, the first one included; 1 means no retry. */
  readonly maxAttempts: number
  /** The ends that are retried; those that the provider never retries are not among them. */
  readonly retryOn: readonly CallStatus[]
  /** Whether a call that a machine answered is retried. */
  readonly retryOnVoicemail: boolean
  /** Waiting time in milliseconds before retry 1, 2, …; the last one serves all further retries. */
  readonly delaysMs: readonly number[]
  /** Waiting time in milliseconds after one status, where the provider tells them apart. */
  readonly delayMsAfter?: Readonly<Partial<Record<CallStatus, number>>>
}

/**
 * Whether the policy allows another attempt after attempt number `attempt` (1-based) ended so. Pure.
 *
 * @example
 * mayRetry(policy, { attempt: 1, status: 'busy' }) // true
 */
export function mayRetry(
  policy: RetryPolicy,
  end: { readonly attempt: number; readonly status: CallStatus; readonly voicemail?: boolean },
): boolean {
  if (end.attempt >= policy.maxAttempts) return false
  if (end.status === 'completed') return policy.retryOnVoicemail && end.voicemail === true
  return policy.retryOn.includes(end.status)
}

/**
 * The waiting time in milliseconds between the end of attempt number `attempt` and the next attempt. Pure.
 *
 * @example
 * retryDelayMs(policy, { attempt: 1, status: 'busy' }) // 1_800_000
 */
export function retryDelayMs(
  policy: RetryPolicy,
  end: { readonly attempt: number; readonly status: CallStatus },
): number {
  return (
    policy.delayMsAfter?.[end.status] ??
    policy.delaysMs[end.attempt - 1] ??
    policy.delaysMs.at(-1) ??
    0
  )
}
