import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decoded, encoded, isSame, joined } from './bytes.ts'

describe('bytes as text', () => {
  test('are what Buffer writes, and are read again', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('hex', 'base64'), (bytes, encoding) => {
        const text = Buffer.from(bytes).toString(encoding)
        expect(encoded(bytes, encoding)).toBe(text)
        expect(decoded(text, encoding)).toEqual(Uint8Array.from(bytes))
      }),
    )
  })

  test('have one form', () => {
    for (const text of ['0', 'A0', '0A', '0x', ' 00', '00 ', '0g', '00\n']) {
      expect(decoded(text, 'hex'), text).toBe(null)
    }
    // The last of each pair decodes to the same bytes in a decoder that looks away.
    for (const text of [
      'A',
      'AA',
      'AAA',
      'AA=',
      'AAB=',
      'AB==',
      'A===',
      '====',
      'AA==\n',
      'A A=',
    ]) {
      expect(decoded(text, 'base64'), text).toBe(null)
    }
    for (const text of ['-_8=', 'AAA*', 'AAAA=', '=AAA', 'AA=A']) {
      expect(decoded(text, 'base64'), text).toBe(null)
    }
  })

  test('are never thrown about', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const encoding of ['hex', 'base64'] as const) {
          const bytes = decoded(text, encoding)
          expect(bytes === null || encoded(bytes, encoding) === text).toBe(true)
        }
      }),
    )
  })
})

test('two lists of bytes are the same where all bytes and their number are', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ max: 1, maxLength: 4 }),
      fc.uint8Array({ max: 1, maxLength: 4 }),
      (one, other) => {
        expect(isSame(one, other)).toBe(Buffer.from(one).equals(Buffer.from(other)))
      },
    ),
  )
  expect(isSame(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false)
  expect(isSame(Uint8Array.of(1, 0), Uint8Array.of(1))).toBe(false)
})

test('bytes and texts are joined in UTF-8', () => {
  const whole = Buffer.concat([Buffer.from('\u00e9.'), Buffer.of(0xff), Buffer.from('\u{1f4de}')])
  expect(joined('\u00e9', '.', Uint8Array.of(0xff), '\u{1f4de}')).toEqual(Uint8Array.from(whole))
  expect(joined()).toEqual(new Uint8Array())
})
