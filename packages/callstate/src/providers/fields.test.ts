import { describe, expect, test } from 'vitest'
import {
  emptyAsNull,
  hasFields,
  isStatusWord,
  MAX_ID_LENGTH,
  MAX_STATUS_LENGTH,
  readBoolean,
  readDurationMs,
  readId,
  readNumber,
  readSeconds,
  readText,
} from './fields.ts'

const long = (length: number) => 'x'.repeat(length)

test('the fields of a JSON object can be read, those of nothing else', () => {
  for (const value of [{}, { a: 1 }, Object.create(null)]) expect(hasFields(value)).toBe(true)
  for (const value of [null, undefined, [], 'a', 7, true]) expect(hasFields(value)).toBe(false)
})

describe('the readers', () => {
  test.each<[unknown, string | null]>([
    ['a', 'a'],
    [0, '0'],
    [-0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [long(MAX_ID_LENGTH), long(MAX_ID_LENGTH)],
    [long(MAX_ID_LENGTH + 1), null],
    [2 ** 53, null],
    [-1, null],
    [1.5, null],
    ['', null],
    [null, null],
    [{}, null],
  ])('read %j as the identifier %j', (value, id) => {
    expect(readId(value)).toBe(id)
  })

  test('take text up to a length as a status word', () => {
    for (const value of ['a', long(MAX_STATUS_LENGTH)]) expect(isStatusWord(value)).toBe(true)
    for (const value of ['', long(MAX_STATUS_LENGTH + 1), 5, null, ['a']]) {
      expect(isStatusWord(value)).toBe(false)
    }
  })

  test.each<[unknown, string | null]>([
    ['a', 'a'],
    [7, '7'],
    ['', null],
    [Number.NaN, null],
    [null, null],
    [true, null],
  ])('read %j as the text %j', (value, text) => {
    expect(readText(value)).toBe(text)
  })

  test.each<[unknown, number | null]>([
    [1.5, 1.5],
    ['49', 49],
    ['-0.5', -0.5],
    ['9'.repeat(15), 999_999_999_999_999],
    ['9'.repeat(16), null],
    ['1e3', null],
    ['0x10', null],
    [' 1', null],
    ['.5', null],
    ['1.', null],
    ['', null],
    [Number.POSITIVE_INFINITY, null],
    [[1], null],
  ])('read %j as the number %j', (value, number) => {
    expect(readNumber(value)).toBe(number)
  })

  test.each<[unknown, boolean | null]>([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    ['TRUE', null],
    ['', null],
    [0, null],
    [null, null],
  ])('read %j as %j', (value, said) => {
    expect(readBoolean(value)).toBe(said)
  })

  test.each<[unknown, number | null, number | null]>([
    ['180', 180, 180_000],
    [1.0006, 1.0006, 1_001],
    [-0, 0, 0],
    ['-0', 0, 0],
    [1_000_000_000, 1_000_000_000, 1_000_000_000_000],
    [1_000_000_001, null, null],
    [-1, null, null],
    ['soon', null, null],
  ])('read %j as %j seconds, %j milliseconds', (value, seconds, ms) => {
    expect([readSeconds(value), readDurationMs(value)]).toEqual([seconds, ms])
  })

  test('take empty text alone for null', () => {
    expect(['', ' ', 0, false, undefined].map(emptyAsNull)).toEqual([
      null,
      ' ',
      0,
      false,
      undefined,
    ])
  })
})
