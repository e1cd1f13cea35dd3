import { TrackerError } from './error.ts'

/**
 * Throws a `TrackerError` with code `invalid-option` for options that are none, or hold a name that is
 * not known: a slip in a name would otherwise be silent, and what it should have protected open.
 */
export function assertKnownOptions<Options extends object>(
  what: string,
  options: Options,
  known: Readonly<Record<keyof Options, true>>,
): void {
  const given: unknown = options
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TrackerError('invalid-option', `Expected ${what} to be an object; got none.`)
  }
  const strange = Object.keys(given).find((name) => !Object.hasOwn(known, name))
  if (strange === undefined) return
  const names = Object.keys(known).join(', ')
  // A name that is typed by hand is repeated; whatever is longer is none.
  const got = /^\w{1,40}$/.test(strange) ? `"${strange}"` : 'another one'
  throw new TrackerError('invalid-option', `Expected in ${what} ${names}; got ${got}.`)
}
