import { describe, expect, test } from 'vitest'
import { isJsonPointer, valueAtPointer } from './json-pointer.ts'

// The document and the pointers of RFC 6901, section 5.
const DOCUMENT = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
}

test.each<[string, unknown]>([
  ['', DOCUMENT],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
])('%j is what the RFC says', (pointer, value) => {
  expect(valueAtPointer(DOCUMENT, pointer)).toEqual(value)
})

test('~01 is ~1 and no slash', () => {
  expect(valueAtPointer({ '~1': 'tilde', '/': 'slash' }, '/~01')).toBe('tilde')
  expect(valueAtPointer({ '~1': 'tilde', '/': 'slash' }, '/~1')).toBe('slash')
})

describe('nothing stands', () => {
  test.each([
    '/toString',
    '/__proto__',
    '/constructor/name',
    '/foo/length',
    '/foo/-',
    '/foo/00',
    '/foo/1.0',
    '/foo/2',
    '/foo/0/0',
    '/foo/0/length',
    '/none/deeper',
  ])('at %j', (pointer) => {
    expect(isJsonPointer(pointer)).toBe(true)
    expect(valueAtPointer(DOCUMENT, pointer)).toBeUndefined()
  })

  test('in what has no fields', () => {
    for (const value of [null, undefined, 7, 'text', true]) {
      expect(valueAtPointer(value, '/a')).toBeUndefined()
    }
  })

  test.each(['foo', 'foo/0', '#/foo', '/a~', '/a~2'])('at %j, which is no pointer', (text) => {
    expect(isJsonPointer(text)).toBe(false)
    expect(valueAtPointer(DOCUMENT, text)).toBeUndefined()
  })

  test('but for a key of its own that is named like a prototype', () => {
    const body: unknown = JSON.parse('{"__proto__": {"constructor": 1}}')
    expect(valueAtPointer(body, '/__proto__/constructor')).toBe(1)
  })
})
