import * as z from 'zod'
import type { RetryPolicy } from '../../retry-policy.ts'
import { DIALGEN_LIMITS } from './limits.ts'

const delay = z.number().min(0).optional()

/** `options.retryStrategy` of a batch. Delays in milliseconds. */
export const dialgenRetryStrategySchema = z.object({
  maxAttempts: z.int().min(DIALGEN_LIMITS.minAttempts).max(DIALGEN_LIMITS.maxAttempts).optional(),
  noAnswerDelay: delay,
  busyDelay: delay,
})

/** What a batch may set as `options.retryStrategy`; what is left out has Dialgen's defaults. */
export type DialgenRetryStrategy = Readonly<z.infer<typeof dialgenRetryStrategySchema>>

/**
 * The retry policy of a batch's calls. A call that was dialed singly has none: it is not retried. Pure.
 *
 * `maxAttempts` is read as attempts in all, the first included, as its name and its least value 1 say;
 * one sentence of the documents calls it the number of retries. Only what was busy or not answered is
 * retried: of other errors the documents say "may not retry".
 *
 * Source: https://docs.dialgen.ai/guides/batch-calling/configuration
 *
 * @example
 * dialgenRetryPolicy({ maxAttempts: 2 }).delayMsAfter // { 'no-answer': 3_600_000, busy: 300_000 }
 */
export function dialgenRetryPolicy(strategy: DialgenRetryStrategy = {}): RetryPolicy {
  return {
    maxAttempts: strategy.maxAttempts ?? DIALGEN_LIMITS.defaultAttempts,
    retryOn: ['no-answer', 'busy'],
    retryOnVoicemail: false,
    delaysMs: [],
    delayMsAfter: {
      'no-answer': strategy.noAnswerDelay ?? DIALGEN_LIMITS.defaultNoAnswerDelayMs,
      busy: strategy.busyDelay ?? DIALGEN_LIMITS.defaultBusyDelayMs,
    },
  }
}
