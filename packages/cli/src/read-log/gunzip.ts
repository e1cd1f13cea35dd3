import { crc32, createInflateRaw } from 'node:zlib'

/** Bytes that are read one after the other. */
export interface ByteReader {
  /** Fills the start of `target`, which is not empty; the number of bytes is 0 at the end alone. */
  read(target: Uint8Array): Promise<number>
}

/**
 * Unzips gzip data of one or more members, as `gzip -d` does: zero bytes after a member are padding, and
 * with anything else that is no member the data ends; `onTrailing` hears of it. Where the data is damaged
 * or cut short, what comes before is yielded, and then a `GzipError` is thrown.
 */
export async function* gunzip(
  source: ByteReader,
  onTrailing: () => void,
): AsyncGenerator<Uint8Array, void> {
  // Node's own gunzip throws away what it has made of a piece in which it meets an error, so members are
  // taken apart here, and inflated in small pieces.
  const input = new Input(source)
  while (await startsMember(input, onTrailing)) {
    await readHeader(input)
    yield* inflateMember(input)
  }
}

/** Gzip data that is damaged or ends too early, with the code that zlib gives it. */
export class GzipError extends Error {
  readonly code: 'Z_DATA_ERROR' | 'Z_BUF_ERROR'

  constructor(code: GzipError['code']) {
    super(code === 'Z_BUF_ERROR' ? 'the gzip data ends too early' : 'the gzip data is damaged')
    this.code = code
  }
}

const INPUT_BYTES = 64 * 1024
const OUTPUT_BYTES = 256 * 1024

/** Compressed bytes at a time: what a damaged piece held before the damage is lost. */
const SMALLEST_PIECE = 16
const LARGEST_PIECE = 4096

/** A piece is at most this part of what came before it, so that of a small log little is lost, too. */
const PART = 64

/** Compressed bytes, to be taken in parts and given back. */
class Input {
  taken = 0
  readonly #source: ByteReader
  readonly #buffer = Buffer.alloc(INPUT_BYTES)
  #rest: Buffer = this.#buffer.subarray(0, 0)

  constructor(source: ByteReader) {
    this.#source = source
  }

  /** Up to `most` bytes, valid until the next call; none at the end. */
  async take(most: number): Promise<Buffer> {
    if (this.#rest.length === 0) {
      this.#rest = this.#buffer.subarray(0, await this.#source.read(this.#buffer))
    }
    const bytes = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(bytes.length)
    this.taken += bytes.length
    return bytes
  }

  /** The next byte; null at the end. */
  async byte(): Promise<number | null> {
    return (await this.take(1))[0] ?? null
  }

  /** As many bytes, read as a number with the lowest byte first. */
  async number(bytes: number): Promise<number> {
    let value = 0
    for (let at = 0; at < bytes; at++) {
      const byte = await this.byte()
      if (byte === null) throw new GzipError('Z_BUF_ERROR')
      value += byte * 256 ** at
    }
    return value
  }

  /** Gives the last bytes back of those that were taken last. */
  giveBack(count: number): void {
    const start = this.#rest.byteOffset - this.#buffer.byteOffset
    this.#rest = this.#buffer.subarray(start - count, start + this.#rest.length)
    this.taken -= count
  }
}

const MAGIC = [0x1f, 0x8b] as const
const DEFLATE = 8
const HAS_HEADER_CHECK = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16
const RESERVED = 0xe0

/** Reads past padding and the two bytes that begin a member. */
async function startsMember(input: Input, onTrailing: () => void): Promise<boolean> {
  let byte = await input.byte()
  while (byte === 0) byte = await input.byte()
  if (byte === null) return false
  if (byte === MAGIC[0] && (await input.byte()) === MAGIC[1]) return true
  onTrailing()
  return false
}

/** Reads past the rest of a member's header (RFC 1952). */
async function readHeader(input: Input): Promise<void> {
  const method = await input.number(1)
  const flags = await input.number(1)
  if (method !== DEFLATE || (flags & RESERVED) !== 0) {
    throw new GzipError('Z_DATA_ERROR')
  }
  await input.number(6)
  if (flags & HAS_EXTRA) {
    for (let left = await input.number(2); left > 0; left--) await input.number(1)
  }
  for (const text of [HAS_NAME, HAS_COMMENT]) {
    while (flags & text && (await input.number(1)) !== 0);
  }
  if (flags & HAS_HEADER_CHECK) await input.number(2)
}

async function* inflateMember(input: Input): AsyncGenerator<Uint8Array, void> {
  const inflate = createInflateRaw({ chunkSize: OUTPUT_BYTES })
  const output: Buffer[] = []
  let failed = false
  let settle = () => {}
  inflate.on('data', (chunk: Buffer) => output.push(chunk))
  inflate.on('error', () => {
    failed = true
    settle()
  })
  let given = 0
  let check = 0
  let size = 0
  try {
    while (!failed && inflate.bytesWritten === given) {
      const most = Math.min(Math.max(SMALLEST_PIECE, Math.floor(input.taken / PART)), LARGEST_PIECE)
      const piece = await input.take(most)
      if (piece.length === 0) throw new GzipError('Z_BUF_ERROR')
      given += piece.length
      await new Promise<void>((resolve) => {
        settle = resolve
        inflate.write(piece, () => resolve())
      })
      for (const chunk of output.splice(0)) {
        check = crc32(chunk, check)
        size = (size + chunk.length) % 2 ** 32
        yield chunk
      }
    }
    // What it leaves of a piece stands after the end of the member's data.
    if (!failed) input.giveBack(given - inflate.bytesWritten)
  } finally {
    inflate.destroy()
  }
  if (failed || (await input.number(4)) !== check || (await input.number(4)) !== size) {
    throw new GzipError('Z_DATA_ERROR')
  }
}
