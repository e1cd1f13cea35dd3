import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GzipError, gunzip } from './gunzip.ts'

/** What comes out, in which way it ended, and whether trailing bytes were noticed. */
async function unzip(data: Uint8Array, chunkBytes = 1000) {
  let at = 0
  const source = {
    async read(target: Uint8Array) {
      const part = data.subarray(at, at + Math.min(target.length, chunkBytes))
      target.set(part)
      at += part.length
      return part.length
    },
  }
  const chunks: Uint8Array[] = []
  let trailing = false
  let error: string | null = null
  try {
    const chunksOut = gunzip(source, () => {
      trailing = true
    })
    for await (const chunk of chunksOut) chunks.push(chunk)
  } catch (thrown) {
    if (!(thrown instanceof GzipError)) throw thrown
    error = thrown.code
  }
  return { text: Buffer.concat(chunks).toString(), trailing, error }
}

const text = Array.from({ length: 6 }, (_, n) => `{"id":"c${n}","at":${(n * 7919) % 1000}}\n`).join(
  '',
)
const whole = { text, trailing: false, error: null }
const zipped = gzipSync(text)

describe('gunzip', () => {
  test('gives back any data, of any number of members, in any pieces', async () => {
    const data = fc
      .uint8Array({ maxLength: 2000 })
      .map((bytes) => Buffer.from(bytes).toString('hex'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(data, fc.nat(9), fc.nat(3)), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5000 }),
        async (members, chunkBytes) => {
          const packed = members.flatMap(([part, level, zeros]) => [
            gzipSync(part, { level }),
            Buffer.alloc(zeros),
          ])
          expect(await unzip(Buffer.concat(packed), chunkBytes)).toEqual({
            text: members.map(([part]) => part).join(''),
            trailing: false,
            error: null,
          })
        },
      ),
    )
  })

  test('reads past every part of a header', async () => {
    const extra = Buffer.from([3, 0, 1, 2, 3])
    const header = Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 1, 2, 3, 4, 0, 3])
    const data = Buffer.concat([
      header,
      extra,
      Buffer.from('name\0comment\0'),
      Buffer.from([9, 9]),
      deflateRawSync(text),
      zipped.subarray(-8),
    ])
    expect(await unzip(data)).toEqual(whole)
  })

  test.each(['x', 'garbage', '\x1f', '\x1fx', '\0\0x'])(
    'ignores the trailing bytes %j and says so',
    async (bytes) => {
      const data = Buffer.concat([zipped, Buffer.from(bytes)])
      expect(await unzip(data)).toEqual({ ...whole, trailing: true })
    },
  )

  test('yields everything before a wrong check sum or length, a bad member or a missing trailer', async () => {
    const damaged = (at: number) => {
      const copy = Buffer.from(zipped)
      copy.writeUInt8(copy.readUInt8(copy.length + at) ^ 1, copy.length + at)
      return copy
    }
    for (const at of [-8, -5, -4, -1]) {
      expect(await unzip(damaged(at))).toEqual({ ...whole, error: 'Z_DATA_ERROR' })
    }
    const member = Buffer.concat([zipped, Buffer.from([0x1f, 0x8b, 7, 0, 0])])
    expect(await unzip(member)).toEqual({ ...whole, error: 'Z_DATA_ERROR' })
    for (const missing of [1, 7, 8]) {
      const cut = zipped.subarray(0, -missing)
      expect(await unzip(cut)).toEqual({ ...whole, error: 'Z_BUF_ERROR' })
    }
  })

  test('yields what can be read of data that is cut anywhere', async () => {
    for (let length = 2; length < zipped.length; length++) {
      const cut = await unzip(zipped.subarray(0, length))
      expect(cut.error).toBe('Z_BUF_ERROR')
      expect(text.startsWith(cut.text)).toBe(true)
    }
  })

  test('loses little of what stands before damaged data', async () => {
    const long = Array.from({ length: 20_000 }, (_, n) => `${(n * 7919) % 10_007}\n`).join('')
    const data = gzipSync(long)
    const middle = data.length >> 1
    data.fill(0xff, middle, middle + 100)
    const read = await unzip(data)
    expect(read.error).toBe('Z_DATA_ERROR')
    expect(read.text.length).toBeGreaterThan(long.length * 0.47)
  })
})
