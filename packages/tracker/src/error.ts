/** Every reason for which a tracker throws. */
export type TrackerErrorCode =
  /** The store could not do what was asked; `cause` is its own error. Try again later. */
  | 'store-failed'
  /** A provider is named that the tracker was not given. */
  | 'unknown-provider'
  /** An option is not what it must be. */
  | 'invalid-option'
  /** Whoever watches is so slow that changes would be lost. */
  | 'watch-overflow'
  /** The tracker was closed. */
  | 'closed'
  /** A function that was handed in (`redact`, or one of a provider's) threw; `cause` is its error. */
  | 'callback-failed'
  /** A provider did not answer a question about a call, or not in a way that can be used. */
  | 'ask-failed'

const BRAND = Symbol.for('callstate.tracker.error')

/** The one error that the tracker throws by itself; `code` says why. */
export class TrackerError extends Error {
  readonly [BRAND] = true
  readonly code: TrackerErrorCode

  constructor(code: TrackerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TrackerError'
    this.code = code
  }
}

/**
 * Whether `error` was thrown by a tracker, also by another copy of it in the same process. Pure.
 *
 * @example
 * if (isTrackerError(error) && error.code === 'store-failed') retryLater()
 */
export function isTrackerError(error: unknown): error is TrackerError {
  return BRAND in Object(error)
}
