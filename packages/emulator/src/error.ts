/** Every reason for which the emulator throws. */
export type EmulatorErrorCode =
  /** An option is none of the values it may have. */
  | 'invalid-option'
  /** Time was moved by hand on a clock that runs by itself. */
  | 'clock-runs'
  /** The emulator was stopped. */
  | 'stopped'
  /** A call was to take a step that the machine refuses: a bug of the emulator. */
  | 'machine-refused'

const BRAND = Symbol.for('@callstate/emulator error')

/** The one error that the emulator throws; `code` says why. */
export class EmulatorError extends Error {
  readonly [BRAND] = true
  readonly code: EmulatorErrorCode

  constructor(code: EmulatorErrorCode, message: string) {
    super(message)
    this.name = 'EmulatorError'
    this.code = code
  }
}

/**
 * Whether the emulator threw this, also one of another copy of this package. Pure.
 *
 * @example
 * if (isEmulatorError(error) && error.code === 'invalid-option') showUsage(error.message)
 */
export function isEmulatorError(error: unknown): error is EmulatorError {
  return error instanceof Error && BRAND in error
}
