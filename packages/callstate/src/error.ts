/** Every reason for which this library throws. */
export type CallstateErrorCode =
  | 'illegal-transition'
  | 'unrecognized-status'
  | 'invalid-event'
  | 'invalid-provider'

const BRAND = Symbol.for('callstate.error')

/** The one error that this library throws; `code` says why and the fields say what was expected. */
export class CallstateError extends Error {
  readonly [BRAND] = true
  readonly code: CallstateErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: CallstateErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'CallstateError'
    this.code = code
    this.details = details
  }
}

/**
 * Whether `error` was thrown by this library, also by another copy of it in the same process. Pure.
 *
 * @example
 * try {
 *   assertTransition(from, to)
 * } catch (error) {
 *   if (isCallstateError(error)) error.code // 'illegal-transition'
 * }
 */
export function isCallstateError(error: unknown): error is CallstateError {
  return BRAND in Object(error)
}
