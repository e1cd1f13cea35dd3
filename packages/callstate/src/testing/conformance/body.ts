/** The place of a value inside a message, as keys from the outside in; empty for the message itself. */
export type Place = readonly string[]

/** Stands for "this key is not there". */
export const REMOVED: unique symbol = Symbol('removed')

/** Every place inside the body that holds a value, the body itself first. */
export function placesIn(body: unknown): readonly Place[] {
  const inside = entriesOf(body).flatMap(([key, value]) =>
    placesIn(value).map((place) => [key, ...place]),
  )
  return [[], ...inside]
}

/** The body with another value at this place. The body that came in is not changed. */
export function withValueAt(body: unknown, place: Place, value: unknown): unknown {
  const [key, ...rest] = place
  if (key === undefined) return value
  const inside = withValueAt(valueAt(body, [key]), rest, value)
  if (Array.isArray(body)) {
    return inside === REMOVED ? body.toSpliced(Number(key), 1) : body.with(Number(key), inside)
  }
  const others = entriesOf(body).filter(([other]) => other !== key)
  return Object.fromEntries(inside === REMOVED ? others : [...others, [key, inside]])
}

/** The body with every value replaced that is neither an object nor an array. */
export function withLeaves(body: unknown, replace: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(body)) return body.map((value) => withLeaves(value, replace))
  if (typeof body !== 'object' || body === null) return replace(body)
  return Object.fromEntries(
    entriesOf(body).map(([key, value]) => [key, withLeaves(value, replace)]),
  )
}

/** The value at this place; undefined where there is none. */
export function valueAt(body: unknown, place: Place): unknown {
  return place.reduce<unknown>(
    (value, key) => entriesOf(value).find(([other]) => other === key)?.[1],
    body,
  )
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
