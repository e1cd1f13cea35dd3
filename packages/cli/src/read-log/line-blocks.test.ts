import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ByteSource } from './byte-source.ts'
import { createBufferPool, cutLines } from './line-blocks.ts'

/** A source that hands out these bytes in pieces of at most `pieceBytes`, and then fails if told so. */
function sourceOf(bytes: Uint8Array, pieceBytes: number, failure?: Error): ByteSource {
  let at = 0
  return {
    async read(target) {
      if (at === bytes.length && failure !== undefined) throw failure
      const piece = bytes.subarray(at, at + Math.min(pieceBytes, target.length))
      target.set(piece)
      at += piece.length
      return piece.length
    },
    async close() {},
  }
}

interface Cutting {
  readonly blockBytes: number
  readonly maxLineBytes: number
  readonly pieceBytes?: number
  readonly failure?: Error
}

/** The lines as they were cut, with their line ends; null for a line that was too long to be kept. */
async function cut(text: string | Uint8Array, cutting: Cutting): Promise<(string | null)[]> {
  const lines: (string | null)[] = []
  const pool = createBufferPool(cutting.blockBytes)
  const source = sourceOf(Buffer.from(text), cutting.pieceBytes ?? 7, cutting.failure)
  try {
    for await (const piece of cutLines(source, pool, cutting)) {
      if (piece.kind === 'oversized-line') lines.push(null)
      else {
        lines.push(...(piece.bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? []))
        // What was read may be overwritten from now on.
        pool.give(piece.bytes.buffer)
      }
    }
  } catch (error) {
    if (error !== cutting.failure) throw error
    lines.push('(failed)')
  }
  return lines
}

describe('cutLines', () => {
  test('cuts every text into its own lines, whatever the size of blocks and pieces', async () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom('\n', '\r\n', '\n\n'), fc.stringMatching(/^[a-z]{0,90}$/)))
      .map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.integer({ min: 4, max: 200 }),
        fc.integer({ min: 1, max: 99 }),
        async (all, blockBytes, pieceBytes) => {
          const lines = await cut(all, { blockBytes, pieceBytes, maxLineBytes: 10_000 })
          expect(lines.join('')).toBe(all)
        },
      ),
    )
  })

  test('keeps a line of the longest length and streams past a longer one, whatever the blocks', async () => {
    for (const blockBytes of [4, 5, 10, 11, 12, 13, 32, 1000]) {
      for (const end of ['\n', '\r\n']) {
        for (const extra of [-1, 0, 1, 2, 50]) {
          const line = 'x'.repeat(10 + extra)
          const lines = await cut(`a${end}${line}${end}b`, { blockBytes, maxLineBytes: 10 })
          // One byte more may still be a carriage return or be refused by whoever reads the block.
          const kept = lines[1] === null ? null : `${line}${end}`
          expect(lines).toEqual([`a${end}`, kept, 'b'])
          if (extra <= 0) expect(kept).not.toBeNull()
          if (extra > 1 && blockBytes < 12) expect(kept).toBeNull()
        }
      }
    }
  })

  test('holds no line that is longer than the limit', async () => {
    const taken: number[] = []
    const pool = createBufferPool(64)
    const counting = {
      ...pool,
      take(bytes: number) {
        taken.push(bytes)
        return pool.take(bytes)
      },
    }
    const source = sourceOf(Buffer.alloc(1_000_000, 'x'), 1000)
    const kinds: string[] = []
    for await (const { kind } of cutLines(source, counting, {
      blockBytes: 64,
      maxLineBytes: 500,
    })) {
      kinds.push(kind)
    }
    expect(kinds).toEqual(['oversized-line'])
    expect(Math.max(...taken)).toBeLessThanOrEqual(502)
  })

  test('leaves out a byte order mark at the start, and only there', async () => {
    const mark = '\u{feff}'
    const settings = { blockBytes: 8, maxLineBytes: 100, pieceBytes: 1 }
    expect(await cut(`${mark}a\n`, settings)).toEqual(['a\n'])
    expect(await cut(mark, settings)).toEqual([])
    expect((await cut(`a\n${mark}b`, settings)).join('')).toHaveLength(6)
  })

  test('cuts the whole lines before a failure, and then fails', async () => {
    const failure = new Error('the disk is gone')
    for (const blockBytes of [4, 8, 100]) {
      const lines = await cut('one\ntwo\nthr', { blockBytes, maxLineBytes: 100, failure })
      expect(lines).toEqual(['one\n', 'two\n', '(failed)'])
    }
  })
})
