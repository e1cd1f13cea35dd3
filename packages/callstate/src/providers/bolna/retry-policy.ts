import type { CallStatus } from '../../lifecycle.ts'
import type { RetryPolicy } from '../../retry-policy.ts'
import { parseStatus } from '../../status.ts'
import { emptyAsNull, readBoolean } from '../fields.ts'
import { isBolnaRetrySettings } from './message.ts'
import type { BolnaRetryConfig } from './retry-config.ts'
import { readCount, readMinutes } from './retry-fields.ts'

// Free of zod: the event of every message is made with it.

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

/** How many waiting times are kept. Bolna retries at most three times. */
const MAX_INTERVALS = 32

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
    delaysMs: minutes.slice(0, MAX_INTERVALS).map((minute) => minute * MINUTE_MS),
  }
}

/**
 * The policy in a `retry_config` of unknown shape, as `bolnaRetryConfigSchema` would read it; undefined
 * where it cannot be read. Pure.
 */
export function readRetryPolicy(value: unknown): RetryPolicy | undefined {
  if (!isBolnaRetrySettings(value)) return undefined
  const enabled = readField(value.enabled, readBoolean)
  // Where nothing is retried, the rest of the configuration does not matter.
  if (enabled === false) return NO_RETRY
  const max_retries = readField(value.max_retries, readCount)
  const retry_on_statuses = readField(value.retry_on_statuses, readWords)
  const retry_on_voicemail = readField(value.retry_on_voicemail, readBoolean)
  const retry_intervals_minutes = readField(value.retry_intervals_minutes, readIntervals)
  if (
    enabled === undefined ||
    max_retries === undefined ||
    retry_on_statuses === undefined ||
    retry_on_voicemail === undefined ||
    retry_intervals_minutes === undefined
  ) {
    return undefined
  }
  return bolnaRetryPolicy({
    enabled,
    max_retries,
    retry_on_statuses,
    retry_on_voicemail,
    retry_intervals_minutes,
  })
}

/** A field that may be left out: null where it is, undefined where it cannot be read. */
function readField<Value>(
  value: unknown,
  read: (value: unknown) => Value | null,
): Value | null | undefined {
  const said = emptyAsNull(value) ?? null
  return said === null ? null : (read(said) ?? undefined)
}

function readWords(value: unknown): string[] | null {
  const isList = Array.isArray(value) && value.every((word) => typeof word === 'string')
  return isList ? value : null
}

function readIntervals(value: unknown): number[] | null {
  if (!Array.isArray(value)) return null
  const minutes = value.map(readMinutes)
  return minutes.every((minute) => minute !== null) ? minutes : null
}
