/** Every reason for which the inspector throws. */
export type InspectorErrorCode =
  /** An option is missing or wrong; the message says which. */
  | 'invalid-option'
  /** The address or the port cannot be had; `cause` is what the system said. */
  | 'address-unavailable'

const BRAND = Symbol.for('callstate.inspector.error')

/** The one error that the inspector throws. */
export class InspectorError extends Error {
  readonly [BRAND] = true
  readonly code: InspectorErrorCode

  constructor(code: InspectorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'InspectorError'
    this.code = code
  }
}

/** Whether `error` was thrown by the inspector, also by another copy of it in the same process. Pure. */
export function isInspectorError(error: unknown): error is InspectorError {
  return BRAND in Object(error)
}
