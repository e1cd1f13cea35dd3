import * as z from 'zod'
import type { CallStatus } from '../../lifecycle.ts'
import type { RetryPolicy } from '../../retry-policy.ts'
import { parseStatus } from '../../status.ts'
import { hasFields } from './fields.ts'
import { booleanSchema, numberSchema, openObject, textSchema } from './schema.ts'

const MINUTE_MS = 60_000

/** The statuses that `retry_on_statuses` may hold. Source: Bolna's auto-retry page. */
export const BOLNA_RETRYABLE_STATUSES = [
  'no-answer',
  'busy',
  'failed',
  'error',
] as const satisfies readonly CallStatus[]

/**
 * What Bolna's auto-retry page states for the fields that a `retry_config` leaves out. For the
 * statuses, Bolna's `call-statuses.md` contradicts it and counts `error` among the defaults; the page
 * and the OpenAPI document agree, and count here.
 */
export const BOLNA_RETRY_DEFAULTS = {
  enabled: false,
  max_retries: 3,
  retry_on_statuses: ['no-answer', 'busy', 'failed'],
  retry_on_voicemail: false,
  retry_intervals_minutes: [30, 60, 120],
} as const

const countSchema = numberSchema.refine((count) => Number.isInteger(count) && count >= 0, {
  error: 'a whole number of at least 0',
})
const minutesSchema = numberSchema.refine((minutes) => minutes >= 0, {
  error: 'a number of at least 0',
})

/** `retry_config` as it comes with an execution and goes with `POST /call` and `POST /batches`. */
export const bolnaRetryConfigSchema = openObject({
  enabled: booleanSchema.nullish(),
  /** Documented as 1 to 3. */
  max_retries: countSchema.nullish(),
  retry_on_statuses: z.array(textSchema).nullish(),
  retry_on_voicemail: booleanSchema.nullish(),
  retry_intervals_minutes: z.array(minutesSchema).nullish(),
})

/** When Bolna retries a call by itself; fields that are left out have `BOLNA_RETRY_DEFAULTS`. */
export type BolnaRetryConfig = z.output<typeof bolnaRetryConfigSchema>

const NO_RETRY: RetryPolicy = {
  maxAttempts: 1,
  retryOn: [],
  retryOnVoicemail: false,
  delaysMs: [],
}

/**
 * What Bolna will do by itself when an attempt ends, read from a `retry_config`. One that is not
 * enabled says that there is only one attempt. `max_retries` counts the attempts after the first.
 * Status words that Bolna does not document as retryable are left out. Pure.
 *
 * @example
 * bolnaRetryPolicy({ enabled: true, max_retries: 2 }).maxAttempts // 3
 */
export function bolnaRetryPolicy(config: BolnaRetryConfig): RetryPolicy {
  if (config.enabled !== true) return NO_RETRY
  const words: readonly string[] =
    config.retry_on_statuses ?? BOLNA_RETRY_DEFAULTS.retry_on_statuses
  const minutes: readonly number[] =
    config.retry_intervals_minutes ?? BOLNA_RETRY_DEFAULTS.retry_intervals_minutes
  const said = words.map((word) => parseStatus(word).status)
  return {
    maxAttempts: 1 + (config.max_retries ?? BOLNA_RETRY_DEFAULTS.max_retries),
    retryOn: BOLNA_RETRYABLE_STATUSES.filter((status) => said.includes(status)),
    retryOnVoicemail: config.retry_on_voicemail ?? BOLNA_RETRY_DEFAULTS.retry_on_voicemail,
    delaysMs: minutes.map((minute) => minute * MINUTE_MS),
  }
}

/** The policy in a `retry_config` of unknown shape; undefined where it cannot be read. Pure. */
export function readRetryPolicy(value: unknown): RetryPolicy | undefined {
  if (!hasFields(value)) return undefined
  // Where nothing is retried, the rest of the configuration does not matter.
  if (value.enabled === false) return NO_RETRY
  const parsed = bolnaRetryConfigSchema.safeParse(value)
  return parsed.success ? bolnaRetryPolicy(parsed.data) : undefined
}
