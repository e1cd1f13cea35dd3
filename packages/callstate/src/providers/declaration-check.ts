import { kindOf } from './issues.ts'

// Small checks of plain data, put together to checks of whole declarations. None of them throws.

/** What is wrong with a value, and where; null where nothing is. `where` is its dotted path. */
export type Check = (value: unknown, where: string) => string | null

/** The first thing that is wrong. */
export function firstWrong(checks: Iterable<string | null>): string | null {
  for (const wrong of checks) if (wrong !== null) return wrong
  return null
}

/** A check by one test: `expected` says in words what passes it. */
export function expecting(expected: string, isRight: (value: unknown) => boolean): Check {
  return (value, where) =>
    isRight(value) ? null : `${where}: expected ${expected}, got ${shown(value)}`
}

/** Text from a closed list. */
export function oneOf(words: readonly string[], expected = words.map(quoted).join(' or ')): Check {
  return expecting(expected, (value) => typeof value === 'string' && words.includes(value))
}

/** What may be left out. */
export function optional(check: Check): Check {
  return (value, where) => (value === undefined ? null : check(value, where))
}

/** What may be null. */
export function orNull(check: Check): Check {
  return (value, where) => (value === null ? null : check(value, where))
}

/** A list, each of whose elements passes. */
export function listOf(check: Check, { minLength = 0 } = {}): Check {
  const isList = expecting(
    minLength === 0 ? 'a list' : `a list of at least ${minLength}`,
    (value) => Array.isArray(value) && value.length >= minLength,
  )
  return (value, where) => {
    const elements: readonly unknown[] = Array.isArray(value) ? value : []
    return (
      isList(value, where) ??
      firstWrong(elements.map((element, place) => check(element, `${where}.${place}`)))
    )
  }
}

/** An object whose keys and values pass; a key by itself, in quotation marks, as the path of its check. */
export function mapOf(checkKey: Check, checkValue: Check): Check {
  return (value, where) =>
    isObject(value, where) ??
    firstWrong(
      Object.entries(Object(value)).map(
        ([key, inner]) =>
          checkKey(key, `a key of ${where}`) ?? checkValue(inner, `${where}.${key}`),
      ),
    )
}

/** An object of these parts, and of no others: a slip in the name of one that may be left out is heard. */
export function partsOf(parts: Readonly<Record<string, Check>>): Check {
  return (value, where) => {
    const noObject = isObject(value, where)
    if (noObject !== null) return noObject
    const strange = Object.keys(Object(value)).find((key) => !Object.hasOwn(parts, key))
    if (strange !== undefined) {
      const known = Object.keys(parts).join(', ')
      return `${quoted(strange)} is no part of ${where || 'a declaration'}; there are ${known}`
    }
    return hasParts(parts)(value, where)
  }
}

/** An object of these parts, and perhaps of others. */
export function hasParts(parts: Readonly<Record<string, Check>>): Check {
  return (value, where) =>
    isObject(value, where) ??
    firstWrong(
      Object.entries(parts).map(([key, check]) =>
        check(Reflect.get(Object(value), key), where === '' ? key : `${where}.${key}`),
      ),
    )
}

export const isObject = expecting(
  'an object',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)
export const isText = expecting('text', (value) => typeof value === 'string' && value !== '')
export const isFlag = expecting('true or false', (value) => typeof value === 'boolean')
export const isFunction = expecting('a function', (value) => typeof value === 'function')
export const isDuration = expecting(
  'milliseconds',
  (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
)

const MAX_SHOWN = 60

/** A value in words: short text as it is, everything else by its kind. */
export function shown(value: unknown): string {
  return typeof value === 'string' && value !== '' ? quoted(value) : kindOf(value)
}

function quoted(text: string): string {
  return `"${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}"`
}
