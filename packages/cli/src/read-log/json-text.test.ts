import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findFault, MAX_JSON_DEPTH, readJson } from './json-text.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** JSON texts with a cut, a repeated piece or a foreign piece: most of them are damaged. */
const damagedJson = fc
  .tuple(
    fc.json(),
    fc.nat(),
    fc.nat(6),
    fc.constantFrom('', '"', '{', '}', ',', ':', '\\', '1e', '\u0001', '-'),
  )
  .map(([text, place, length, piece]) => {
    const at = place % (text.length + 1)
    return text.slice(0, at) + piece + text.slice(at + length)
  })

describe('findFault', () => {
  test('finds a fault exactly where JSON.parse finds one', () => {
    const texts = fc.oneof(damagedJson, fc.json(), fc.string(), fc.string({ unit: 'binary' }))
    let damaged = 0
    fc.assert(
      fc.property(texts, (text) => {
        const fault = findFault(text)
        expect(fault === null).toBe(isJson(text))
        if (fault === null) return
        damaged++
        expect(fault.at).toBeGreaterThanOrEqual(0)
        expect(fault.at).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 3000 },
    )
    expect(damaged).toBeGreaterThan(500)
  })

  test.each([
    ['', 0, 'a value'],
    ['{', 1, 'a key in double quotes or "}"'],
    ['{"a":1,}', 7, 'a key in double quotes'],
    ['{"a" 1}', 5, '":"'],
    ['[1 2]', 3, '"," or "]"'],
    ['[1,]', 3, 'a value'],
    ['{"a":1]', 6, '"," or "}"'],
    ['{} {}', 3, 'the end of the line'],
    ['"\\x"', 2, 'an escape sequence'],
    ['"\\u12g4"', 5, 'four hexadecimal digits'],
    ['"\t"', 1, 'no raw control character in a string'],
    ['"open', 5, 'the end of a string'],
    ['{"a":NaN}', 5, 'a value'],
    ['01', 1, 'the end of the line'],
  ])('says of %j that at %i it expected %s', (text, at, expected) => {
    expect(findFault(text)).toEqual({ at, expected })
  })
})

describe('readJson', () => {
  test('gives the value that JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })

  test('never quotes the text in a fault', () => {
    expect(readJson('{"phone": +12025550123}')).toEqual({
      ok: false,
      fault: 'the line is not JSON from column 11 on: expected a value',
    })
    expect(readJson('{"phone": "+12025550123')).toEqual({
      ok: false,
      fault: 'the JSON is cut off after column 23: expected the end of a string',
    })
  })

  const nestings: readonly (readonly [string, (levels: number) => string])[] = [
    ['arrays', (levels) => '['.repeat(levels) + ']'.repeat(levels)],
    ['objects', (levels) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`],
  ]
  test.each(nestings)('takes %s nested as deep as the limit and no deeper', (_name, nested) => {
    expect(readJson(nested(MAX_JSON_DEPTH - 1)).ok).toBe(true)
    expect(readJson(nested(MAX_JSON_DEPTH)).ok).toBe(true)
    expect(readJson(nested(MAX_JSON_DEPTH + 1))).toEqual({
      ok: false,
      fault: 'the JSON is nested deeper than 128 levels',
    })
  })

  test('counts no brackets in strings, and no brackets beside one another', () => {
    expect(readJson(JSON.stringify({ text: `"\\${'[{'.repeat(1000)}` })).ok).toBe(true)
    expect(readJson(JSON.stringify(Array.from({ length: 1000 }, () => [{}]))).ok).toBe(true)
  })

  test('refuses a million levels at once', () => {
    expect(readJson('['.repeat(1_000_000)).ok).toBe(false)
  })
})
