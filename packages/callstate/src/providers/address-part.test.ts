import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressPart } from './address-part.ts'

test('stands in an address as one part, from which a server reads it as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const part = addressPart(text)
      if (part === null) return
      const address = new URL(`https://api.acme.example/calls/${part}/log?id=${part}`)
      expect(address.pathname.split('/').map(decodeURIComponent)).toEqual([
        '',
        'calls',
        text,
        'log',
      ])
      expect(address.searchParams.get('id')).toBe(text)
      expect(address.hash).toBe('')
    }),
  )
  for (const text of ['../other', 'a/b?c=d#e', '%2e%2e', '//other.example/', '...']) {
    expect(addressPart(text)).toBe(encodeURIComponent(text))
  }
})

test('is not made of what leads elsewhere, or stands in no address', () => {
  for (const text of ['', '.', '..', '\ud800', 'a\udc00b']) expect(addressPart(text)).toBeNull()
})
