import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type ByteReader, gunzip } from './gunzip.ts'
import { STANDARD_INPUT } from './log-file.ts'

/** Bytes from outside, until they are closed. */
export interface ByteSource extends ByteReader {
  close(): Promise<void>
}

/**
 * Opens a file or, for `-`, standard input. Gzip is told by its first two bytes, which cannot begin a
 * line of JSON, so it needs no file name. `onRead` hears how many bytes came from outside, `onWarning`
 * what was left out that is no part of the log.
 */
export async function openSource(
  file: string,
  stdin: Readable,
  onRead: (bytes: number) => void,
  onWarning: (message: string) => void,
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
    return await unzipped(counted, onWarning)
  } catch (error) {
    await counted.close()
    throw error
  }
}

async function unzipped(
  source: ByteSource,
  onWarning: (message: string) => void,
): Promise<ByteSource> {
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
  const unzipping = gunzip(whole, () =>
    onWarning('bytes after the end of the gzip data were ignored; the data before them counts'),
  )
  return {
    read: fromChunks(unzipping),
    async close() {
      await unzipping.return(undefined)
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
  return {
    read: fromChunks(stream[Symbol.asyncIterator]()),
    async close() {
      stream.destroy()
    },
  }
}

function fromChunks(chunks: AsyncIterator<Uint8Array>): ByteSource['read'] {
  let rest: Uint8Array = new Uint8Array()
  return async (target) => {
    while (rest.length === 0) {
      const next = await chunks.next()
      if (next.done === true) return 0
      rest = next.value
    }
    const taken = Math.min(rest.length, target.length)
    target.set(rest.subarray(0, taken))
    rest = rest.subarray(taken)
    return taken
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
