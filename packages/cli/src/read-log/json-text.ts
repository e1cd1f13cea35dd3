/** Levels of arrays and objects inside one another that a line may have; webhooks have about five. */
export const MAX_JSON_DEPTH = 128

/** A JSON text's value, or a sentence about its fault that never quotes the text. */
export type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: string }

/** Reads JSON. The fault says where and what was expected, as V8's own message quotes the text. Pure. */
export function readJson(text: string): JsonReading {
  if (isDeeperThan(text, MAX_JSON_DEPTH)) {
    return { ok: false, fault: `the JSON is nested deeper than ${MAX_JSON_DEPTH} levels` }
  }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, fault: describeFault(text) }
  }
}

/**
 * Whether the text nests deeper than `limit`. Most texts have fewer brackets than that, which a search
 * for them shows at the speed of memchr; only the others are walked.
 */
function isDeeperThan(text: string, limit: number): boolean {
  return hasMoreThan(text, '{', '[', limit) && deepestLevel(text, limit) > limit
}

function hasMoreThan(text: string, one: string, other: string, limit: number): boolean {
  let count = 0
  for (const bracket of [one, other]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++count > limit) return true
    }
  }
  return false
}

/** The deepest level, or the first that is beyond `limit`. Brackets inside strings do not count. */
function deepestLevel(text: string, limit: number): number {
  let level = 0
  let deepest = 0
  for (let at = 0; at < text.length && deepest <= limit; at++) {
    const char = text[at]
    if (char === '{' || char === '[') deepest = Math.max(deepest, ++level)
    else if (char === '}' || char === ']') level--
    else if (char === '"') at = endOfString(text, at).at
  }
  return deepest
}

const EXPECTED = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  'key or }': 'a key in double quotes or "}"',
  key: 'a key in double quotes',
  colon: '":"',
  ', or ]': '"," or "]"',
  ', or }': '"," or "}"',
  end: 'the end of the line',
} as const

/** Where a text stops to be JSON (0-based), and what would have been right there; null where it is JSON. */
export function findFault(text: string): { readonly at: number; readonly expected: string } | null {
  const closers: ('}' | ']')[] = []
  let state: keyof typeof EXPECTED = 'value'
  let at = 0
  const afterValue = () => {
    const closer = closers.at(-1)
    return closer === undefined ? 'end' : closer === '}' ? ', or }' : ', or ]'
  }
  for (;;) {
    while (isSpace(text[at])) at++
    const char = text[at]
    if (char === undefined) return state === 'end' ? null : { at, expected: EXPECTED[state] }
    const fault = { at, expected: EXPECTED[state] }
    if (state === 'value' || (state === 'value or ]' && char !== ']')) {
      if (char === '{' || char === '[') {
        closers.push(char === '{' ? '}' : ']')
        state = char === '{' ? 'key or }' : 'value or ]'
        at++
        continue
      }
      const end = char === '"' ? endOfString(text, at) : endOfScalar(text, at)
      if (end.fault !== null) return { at: end.at, expected: end.fault }
      at = end.at + 1
      state = afterValue()
    } else if (char === closers.at(-1) && state !== 'key' && state !== 'colon') {
      closers.pop()
      at++
      state = afterValue()
    } else if ((state === 'key' || state === 'key or }') && char === '"') {
      const end = endOfString(text, at)
      if (end.fault !== null) return { at: end.at, expected: end.fault }
      at = end.at + 1
      state = 'colon'
    } else if (state === 'colon' && char === ':') {
      at++
      state = 'value'
    } else if ((state === ', or ]' || state === ', or }') && char === ',') {
      at++
      state = state === ', or ]' ? 'value' : 'key'
    } else {
      return fault
    }
  }
}

function describeFault(text: string): string {
  const fault = findFault(text)
  if (fault === null) return 'the line is not JSON'
  return fault.at >= text.length
    ? `the JSON is cut off after column ${text.length}: expected ${fault.expected}`
    : `the line is not JSON from column ${fault.at + 1} on: expected ${fault.expected}`
}

/** The last character of a string or scalar, or the character at which it goes wrong. */
interface End {
  readonly at: number
  readonly fault: string | null
}

function endOfString(text: string, start: number): End {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return { at, fault: null }
    if (code < 0x20) return { at, fault: 'no raw control character in a string' }
    if (code !== 0x5c) continue
    const letter = text[at + 1] ?? ''
    if (letter === 'u') {
      const hex = /^[0-9a-f]*/i.exec(text.slice(at + 2, at + 6))?.[0].length ?? 0
      if (hex < 4) return { at: at + 2 + hex, fault: 'four hexadecimal digits' }
      at += 5
    } else if (letter !== '' && '"\\/bfnrt'.includes(letter)) {
      at++
    } else {
      return { at: at + 1, fault: 'an escape sequence' }
    }
  }
  return { at: text.length, fault: 'the end of a string' }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

function endOfScalar(text: string, start: number): End {
  for (const word of ['true', 'false', 'null']) {
    if (text.startsWith(word, start)) return { at: start + word.length - 1, fault: null }
  }
  NUMBER.lastIndex = start
  return NUMBER.test(text)
    ? { at: NUMBER.lastIndex - 1, fault: null }
    : { at: start, fault: EXPECTED.value }
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r'
}
