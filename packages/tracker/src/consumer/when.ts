import { TrackerError } from '../error.ts'
import type { ConsumedChange } from './changes-of.ts'

/**
 * Which changes a handler gets:
 * - `every`: all of them.
 * - `advanced`: the call's status or attempt is another one than before.
 * - `settled`: the call got settled, so no further attempt is to come. Once for a call, unless a call
 *   that was settled is taken up again.
 * - `final-data`: the final data of an attempt came; once for each attempt.
 * - or whatever a function says; see also `gained`. It is asked anew at each try and must not wait.
 */
export type When =
  | 'every'
  | 'advanced'
  | 'settled'
  | 'final-data'
  | ((change: ConsumedChange) => boolean)

/**
 * A filter that fires when a field first gets a value: once for a call. The field is a dotted path;
 * null, `""` and empty lists and objects are no values.
 *
 * For what may come after the call has ended: Bolna fills `extracted_data` in a later delivery of the
 * same status (observed).
 *
 * @example
 * tracker.consume('crm', saveExtraction, { when: gained('extracted_data') })
 */
export function gained(field: string): (change: ConsumedChange) => boolean {
  return (change) => change.gained.includes(field)
}

/** The filter as a function. Throws a `TrackerError` with code `invalid-option` for an unknown name. */
export function filterOf(when: When): (change: ConsumedChange) => boolean {
  if (typeof when === 'function') return when
  switch (when) {
    case 'every':
      return () => true
    case 'advanced':
      return ({ before, call }) => before.status !== call.status || before.attempt !== call.attempt
    case 'settled':
      return ({ settledBefore, settled }) => settled && !settledBefore
    case 'final-data':
      return ({ finalDataOf }) => finalDataOf !== null
    default:
      when satisfies never
      throw new TrackerError(
        'invalid-option',
        'Expected "when" to be "every", "advanced", "settled", "final-data" or a function; got something else.',
      )
  }
}
