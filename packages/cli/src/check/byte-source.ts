import { type FileHandle, open } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Bytes that are read one after the other. */
export interface ByteSource {
  /** Fills the start of `target`, which is not empty; the number of bytes is 0 at the end alone. */
  read(target: Uint8Array): Promise<number>
  close(): Promise<void>
}

/** The name under which standard input is asked for on the command line. */
export const STANDARD_INPUT = '-'

const GZIP_CHUNK_BYTES = 256 * 1024

/**
 * Opens a file or, for `-`, standard input. Gzip is told by its first two bytes, which cannot begin a
 * line of JSON, so it needs no file name. `onRead` hears how many bytes came from outside.
 */
export async function openSource(
  file: string,
  stdin: Readable,
  onRead: (bytes: number) => void,
): Promise<ByteSource> {
  const raw = file === STANDARD_INPUT ? fromStream(stdin) : fromFile(await open(file))
  const counted: ByteSource = {
    async read(target) {
      const bytes = await raw.read(target)
      onRead(bytes)
      return bytes
    },
    close: raw.close,
  }
  try {
    return await unzipped(counted)
  } catch (error) {
    await counted.close()
    throw error
  }
}

async function unzipped(source: ByteSource): Promise<ByteSource> {
  const head = Buffer.alloc(2)
  let filled = 0
  while (filled < head.length) {
    const bytes = await source.read(head.subarray(filled))
    if (bytes === 0) break
    filled += bytes
  }
  const start = head.subarray(0, filled)
  const whole = startingWith(start, source)
  if (start[0] !== 0x1f || start[1] !== 0x8b) return whole
  const gunzip = createGunzip({ chunkSize: GZIP_CHUNK_BYTES })
  const unzipping = fromStream(gunzip)
  // Errors reach the reader through the stream itself.
  pipeline(Readable.from(chunksOf(whole)), gunzip, () => {})
  return {
    read: unzipping.read,
    async close() {
      await unzipping.close()
      await source.close()
    },
  }
}

function fromFile(handle: FileHandle): ByteSource {
  return {
    async read(target) {
      return (await handle.read(target, 0, target.length)).bytesRead
    },
    close: () => handle.close(),
  }
}

function fromStream(stream: Readable): ByteSource {
  const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array()
  return {
    async read(target) {
      while (rest.length === 0) {
        const next = await chunks.next()
        if (next.done === true) return 0
        rest = next.value
      }
      const taken = Math.min(rest.length, target.length)
      target.set(rest.subarray(0, taken))
      rest = rest.subarray(taken)
      return taken
    },
    async close() {
      stream.destroy()
    },
  }
}

function startingWith(start: Uint8Array, source: ByteSource): ByteSource {
  let rest = start
  return {
    async read(target) {
      if (rest.length === 0) return source.read(target)
      const taken = Math.min(rest.length, target.length)
      target.set(rest.subarray(0, taken))
      rest = rest.subarray(taken)
      return taken
    },
    close: () => source.close(),
  }
}

async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(GZIP_CHUNK_BYTES)
    const bytes = await source.read(chunk)
    if (bytes === 0) return
    yield chunk.subarray(0, bytes)
  }
}
