import type { ByteSource } from './byte-source.ts'
import type { ByteReader } from './gunzip.ts'

/** Bytes that a line may have unless `--max-line-bytes` says otherwise; real bodies have a few thousand. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024

/** Bytes of whole lines that are read at a time. */
export const BLOCK_BYTES = 512 * 1024

/** Memory for blocks: what comes back is used again. */
export interface BufferPool {
  take(bytes: number): Buffer
  give(buffer: ArrayBufferLike): void
}

/** A pool that keeps buffers of one size; others are left to the garbage collector. */
export function createBufferPool(bytes: number): BufferPool {
  const free: ArrayBufferLike[] = []
  return {
    take: (wanted) => Buffer.from((wanted === bytes && free.pop()) || new ArrayBuffer(wanted)),
    give(buffer) {
      if (buffer.byteLength === bytes) free.push(buffer)
    },
  }
}

/** A block of whole lines, at the start of a buffer of its own, or a line that is too long to be kept. */
export type Piece =
  | { readonly kind: 'block'; readonly bytes: Buffer }
  | { readonly kind: 'oversized-line' }

/**
 * Cuts bytes into blocks of whole lines. A byte order mark at the start is left out. A line beyond
 * `maxLineBytes` streams past without being held. Where the source fails, the whole lines before are
 * cut, and then the failure is thrown.
 */
export async function* cutLines(
  from: ByteSource,
  pool: BufferPool,
  { blockBytes, maxLineBytes }: { readonly blockBytes: number; readonly maxLineBytes: number },
): AsyncGenerator<Piece> {
  const source = endingAtFailure(from)
  let buffer = pool.take(blockBytes)
  let filled = await fill(source, buffer, 0)
  if (buffer.subarray(0, 3).equals(BYTE_ORDER_MARK)) {
    buffer.copyWithin(0, 3, filled)
    filled = await fill(source, buffer, filled - 3)
  }
  // A carriage return may still belong to the line end.
  const longest = maxLineBytes + 1
  // A buffer that is not full after `fill` holds the last bytes of the source.
  while (filled === buffer.length) {
    const newline = buffer.lastIndexOf(NEWLINE)
    if (newline >= 0) {
      const rest = buffer.subarray(newline + 1)
      const room = pool.take(rest.length < blockBytes ? blockBytes : rest.length * 2)
      rest.copy(room)
      // Reading goes on while the block is worked on.
      const filling = fill(source, room, rest.length)
      yield { kind: 'block', bytes: buffer.subarray(0, newline + 1) }
      buffer = room
      filled = await filling
    } else if (filled <= longest) {
      const larger = pool.take(Math.min(filled * 2, longest + 1))
      buffer.copy(larger)
      pool.give(buffer.buffer)
      buffer = larger
      filled = await fill(source, buffer, filled)
    } else {
      const rest = await skipLine(source, buffer)
      yield { kind: 'oversized-line' }
      filled = await fill(source, buffer, rest)
    }
  }
  const failure = source.failure()
  const end = failure === null ? filled : buffer.lastIndexOf(NEWLINE, filled - 1) + 1
  if (end > 0) yield { kind: 'block', bytes: buffer.subarray(0, end) }
  if (failure !== null) throw failure.error
}

const NEWLINE = 0x0a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** A source that seems to end where it fails, so that what came before is not lost. */
interface EndingSource extends ByteReader {
  failure(): { readonly error: unknown } | null
}

function endingAtFailure(source: ByteSource): EndingSource {
  let failure: { readonly error: unknown } | null = null
  return {
    async read(target) {
      if (failure !== null) return 0
      try {
        return await source.read(target)
      } catch (error) {
        failure = { error }
        return 0
      }
    },
    failure: () => failure,
  }
}

/** Reads until the buffer is full or the source is at its end; the number of bytes it holds then. */
async function fill(source: EndingSource, buffer: Buffer, filled: number): Promise<number> {
  let total = filled
  while (total < buffer.length) {
    const bytes = await source.read(buffer.subarray(total))
    if (bytes === 0) break
    total += bytes
  }
  return total
}

/** Reads past the next line end; the number of bytes after it, which lie at the start of the buffer. */
async function skipLine(source: EndingSource, buffer: Buffer): Promise<number> {
  for (;;) {
    const bytes = await source.read(buffer)
    if (bytes === 0) return 0
    const newline = buffer.subarray(0, bytes).indexOf(NEWLINE)
    if (newline >= 0) {
      buffer.copyWithin(0, newline + 1, bytes)
      return bytes - newline - 1
    }
  }
}
