import { CALL_STATUSES, isTerminal, type RetryPolicy } from 'callstate'
import { TrackerError } from './error.ts'
import { assertKnownOptions } from './known-options.ts'

const FIELDS = {
  maxAttempts: true,
  retryOn: true,
  retryOnVoicemail: true,
  delaysMs: true,
  delayMsAfter: true,
} as const satisfies Record<keyof RetryPolicy, true>

const ENDS: readonly string[] = CALL_STATUSES.filter(isTerminal)

/**
 * Throws a `TrackerError` with code `invalid-option` for what is no retry policy: with a wrong shape every
 * call that ends would fail to be stored.
 */
export function assertRetryPolicy(what: string, policy: RetryPolicy): void {
  assertKnownOptions(what, policy, FIELDS)
  const { maxAttempts, retryOn, retryOnVoicemail, delaysMs, delayMsAfter = {} } = policy
  if (!Number.isSafeInteger(maxAttempts) || maxAttempts < 1) {
    throw invalid(what, '"maxAttempts" as a whole number of at least 1')
  }
  if (!Array.isArray(retryOn) || !retryOn.every((end) => ENDS.includes(end))) {
    throw invalid(what, `"retryOn" as a list of ends (${ENDS.join(', ')})`)
  }
  if (typeof retryOnVoicemail !== 'boolean') {
    throw invalid(what, '"retryOnVoicemail" as true or false')
  }
  if (!Array.isArray(delaysMs) || !delaysMs.every(isDuration)) {
    throw invalid(what, '"delaysMs" as a list of milliseconds, 0 or more')
  }
  const isMap =
    typeof delayMsAfter === 'object' && delayMsAfter !== null && !Array.isArray(delayMsAfter)
  const after = isMap ? Object.entries(delayMsAfter) : []
  if (!isMap || !after.every(([end, delay]) => ENDS.includes(end) && isDuration(delay))) {
    throw invalid(what, '"delayMsAfter" as milliseconds by ends, 0 or more')
  }
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function invalid(what: string, expected: string): TrackerError {
  return new TrackerError('invalid-option', `Expected in ${what} ${expected}; got something else.`)
}
