import { FINAL_FIELDS } from 'callstate/internal'
import type { FinalField } from 'callstate/providers'
import type { FinalData, FinalValue } from '../calls/final-data.ts'
import { TrackerError } from '../error.ts'
import type { ConsumedChange, CorrectedField } from './consumed-change.ts'

/**
 * Which changes a handler gets:
 * - `every`: all of them.
 * - `advanced`: the call's status or attempt is another one than before.
 * - `settled`: the call got settled, so no further attempt is to come. Once for a call, unless a call
 *   that was settled is taken up again.
 * - `ready(field)`, `corrected(field)`, `gained(field)`: what became final of an attempt.
 * - or whatever a function says. It is asked anew at each try and must not wait.
 * - a list of these: whenever one of them fires, in the order of the history.
 *
 * Where a call was rebuilt, nothing fires but `corrected`; `every` and functions get it only then.
 */
export type When<Changed = ConsumedChange> =
  | ChangeFilter<Changed>
  | readonly ChangeFilter<Changed>[]

/** One filter. */
export type ChangeFilter<Changed = ConsumedChange> =
  | NamedFilter
  | FieldFilter
  | ((change: Changed) => boolean)

/** A filter that has a name alone. */
export type NamedFilter = 'every' | 'advanced' | 'settled'

/** A filter by a field of final data, made by `ready`, `corrected` and `gained`. */
export interface FieldFilter<Narrowed = unknown> {
  readonly type: 'ready' | 'corrected' | 'gained'
  readonly field: FinalField
  /** How often it fires: once for each attempt, or once for a call. */
  readonly once: 'attempt' | 'call'
  /** A type only, what all changes have that it lets through: it is never there. */
  readonly '~narrowed'?: Narrowed
}

/** What all changes have that one of these filters lets through. */
export type NarrowedOf<Filter extends FieldFilter> =
  Filter extends FieldFilter<infer Narrowed> ? Narrowed : never

/** A change with a field of final data that has a value, and that corrects nothing. */
export interface WithFinal<Field extends FinalField> {
  readonly corrected: null
  readonly finalData: FinalData & { readonly [Name in Field]: FinalValue<Name> }
}

/** A change by which a field of final data got another value. */
export interface WithCorrected<Field extends FinalField> {
  readonly corrected: CorrectedField<Field>
}

/**
 * A filter that fires when an attempt has ended and a message that tells this very end holds the field:
 * once for each attempt, in whatever order messages come. A partial cost of `call-disconnected` never
 * counts. Throws a `TrackerError` with code `invalid-option` for what is no field of `FinalData`.
 *
 * @example
 * tracker.consume('billing', ({ finalData }) => charge(finalData.cost), { when: ready('cost') })
 */
export function ready<Field extends FinalField>(field: Field): FieldFilter<WithFinal<Field>> {
  return { type: 'ready', field: known(field), once: 'attempt' }
}

/**
 * A filter that fires when a value for which `ready` has fired is another one now, or none: both stand in
 * `change.corrected`. Throws a `TrackerError` with code `invalid-option` for what is no field of `FinalData`.
 *
 * @example
 * tracker.consume('billing', charge, { when: [ready('cost'), corrected('cost')], from: 'now' })
 */
export function corrected<Field extends FinalField>(
  field: Field,
): FieldFilter<WithCorrected<Field>> {
  return { type: 'corrected', field: known(field), once: 'attempt' }
}

/**
 * A filter that fires when the field is ready for the first time: once for each attempt, or with
 * `{ once: 'call' }` once for a call. For what may come after the end: Bolna fills its extraction in a later
 * delivery of the same status (observed). Throws a `TrackerError` with code `invalid-option` for what is no
 * field of `FinalData`.
 *
 * @example
 * tracker.consume('crm', saveExtraction, { when: gained('extraction', { once: 'call' }) })
 */
export function gained<Field extends FinalField>(
  field: Field,
  { once = 'attempt' }: { readonly once?: 'attempt' | 'call' } = {},
): FieldFilter<WithFinal<Field>> {
  if (once !== 'attempt' && once !== 'call') throw invalid('"once" to be "attempt" or "call"')
  return { type: 'gained', field: known(field), once }
}

/**
 * The filters, as a list without repeats. Throws a `TrackerError` with code `invalid-option` for what is
 * none.
 */
export function filtersOf<Changed>(when: When<Changed>): readonly ChangeFilter<Changed>[] {
  const filters = isList(when) ? when : [when]
  if (filters.length === 0) throw invalid('at least one filter in "when"')
  for (const filter of filters) assertFilter(filter)
  return filters.filter(
    (filter, place) => filters.findIndex((other) => isSame(filter, other)) === place,
  )
}

const NAMES = {
  every: true,
  advanced: true,
  settled: true,
} as const satisfies Record<NamedFilter, true>

const TYPES = {
  ready: true,
  corrected: true,
  gained: true,
} as const satisfies Record<FieldFilter['type'], true>

function isList<Changed>(when: When<Changed>): when is readonly ChangeFilter<Changed>[] {
  return Array.isArray(when)
}

function assertFilter(filter: unknown): void {
  if (typeof filter === 'function') return
  if (typeof filter === 'string' && Object.hasOwn(NAMES, filter)) return
  if (typeof filter === 'object' && filter !== null && 'type' in filter) {
    if (typeof filter.type === 'string' && Object.hasOwn(TYPES, filter.type)) return
  }
  throw invalid(
    '"when" to be "every", "advanced", "settled", ready(…), corrected(…), gained(…), a function or a list of these',
  )
}

function isSame<Changed>(one: ChangeFilter<Changed>, other: ChangeFilter<Changed>): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other
  return one.type === other.type && one.field === other.field && one.once === other.once
}

function known<Field extends FinalField>(field: Field): Field {
  if (FINAL_FIELDS.includes(field)) return field
  throw invalid(`a field of final data (${FINAL_FIELDS.join(', ')})`)
}

function invalid(expected: string): TrackerError {
  return new TrackerError('invalid-option', `Expected ${expected}; got something else.`)
}
