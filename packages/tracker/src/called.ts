import { TrackerError } from './error.ts'

/** What a function from outside gives; throws a `TrackerError` with code `callback-failed` where it throws. */
export function called<Value>(ask: () => Value): Value {
  try {
    return ask()
  } catch (cause) {
    throw new TrackerError(
      'callback-failed',
      'A function that the tracker was given ("redact", or one of a provider) threw. Mend it and deliver the event again.',
      { cause },
    )
  }
}
