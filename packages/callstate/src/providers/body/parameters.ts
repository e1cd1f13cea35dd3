import type { Parameters } from '../message.ts'

/**
 * How many fields of a form or parameters of a query are read: many times those of the longest message
 * seen so far. More are refused, since each is an object to build.
 */
export const MAX_FIELDS = 1_000

/** A name and its value, as they came. */
export type Pair = readonly [name: string, value: string]

/** The fields of a form, or of the query of an address, in their order; with their escapes read. Pure. */
export function pairsOf(text: string): readonly Pair[] {
  return [...new URLSearchParams(text)]
}

/** The query of an address, without its question mark; empty where there is none. Pure. */
export function queryTextOf(url: string): string {
  const [address = ''] = url.split('#', 1)
  const mark = address.indexOf('?')
  return mark < 0 ? '' : address.slice(mark + 1)
}

/** The parameters of an address's query. Pure. */
export function queryOf(url: string): Parameters {
  return byName(pairsOf(queryTextOf(url)))
}

/** The values of each name, in the order in which they came. Pure. */
export function valuesByName<Value>(
  pairs: Iterable<readonly [string, Value]>,
): ReadonlyMap<string, readonly Value[]> {
  const values = new Map<string, Value[]>()
  for (const [name, value] of pairs) {
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  return values
}

/**
 * Pairs by name; a list where one name came several times. Every name is a plain key, `__proto__` too.
 * Pure.
 */
export function byName<Value>(
  pairs: Iterable<readonly [string, Value]>,
): Record<string, Value | readonly Value[]> {
  const entries = [...valuesByName(pairs)].map(([name, values]) => {
    const [only] = values
    return [name, values.length === 1 && only !== undefined ? only : values] as const
  })
  // Defines its keys, so that none of them is the prototype.
  return Object.fromEntries(entries)
}
