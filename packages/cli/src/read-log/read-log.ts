import { availableParallelism } from 'node:os'
import type { Readable } from 'node:stream'
import { createBlockReaders, type ReaderSettings } from './block-readers.ts'
import { type ByteSource, openSource } from './byte-source.ts'
import { fileErrorText, isFileError } from './file-error.ts'
import {
  BLOCK_BYTES,
  type BufferPool,
  createBufferPool,
  cutLines,
  type Piece,
} from './line-blocks.ts'
import type { LogFile } from './log-file.ts'
import { type BlockReport, reportOversizedLine } from './read-block.ts'

/** Worker threads at most: beyond, the thread that puts the blocks in order is the limit. */
export const MAX_WORKERS = 3

/** How a log is read. */
export interface LogSettings extends ReaderSettings {
  readonly blockBytes?: number
}

/** Something to say of a file: that it could not be read to its end, or with what it ends. */
export interface FileMessage {
  readonly file: string
  readonly message: string
}

/** What is to be said of a log beside what its lines say. */
export interface LogNotes {
  readonly lines: number
  readonly unreadable: readonly FileMessage[]
  /** Files of which something was left out that is no part of the log. */
  readonly warnings: readonly FileMessage[]
}

/** Where standard input comes from, and who hears how many bytes were read. */
export interface LogInput {
  readonly stdin: Readable
  readonly onRead?: (bytes: number) => void
}

/** Hears of each block, in the order of the lines; `linesBefore` it are in the same file. */
export type BlockListener = (file: LogFile, linesBefore: number, report: BlockReport) => void

/** One worker for each processor but one, which the main thread uses; up to `MAX_WORKERS`. */
export function defaultWorkers(): number {
  return Math.min(MAX_WORKERS, availableParallelism() - 1)
}

/**
 * Reads logs from start to end, once. A file that cannot be read is noted; what was read of it and of the
 * other files counts.
 */
export async function readLog(
  files: readonly LogFile[],
  settings: LogSettings,
  { stdin, onRead = () => {} }: LogInput,
  take: BlockListener,
): Promise<LogNotes> {
  const { maxLineBytes, blockBytes = BLOCK_BYTES } = settings
  const pool = createBufferPool(blockBytes)
  const readers = createBlockReaders(settings, pool)
  const read = (piece: Piece) =>
    piece.kind === 'block'
      ? readers.read(piece.bytes)
      : Promise.resolve(reportOversizedLine(maxLineBytes))
  const unreadable: FileMessage[] = []
  const warnings: FileMessage[] = []
  let lines = 0
  try {
    for (const file of files) {
      const source = () =>
        openSource(file.path, stdin, onRead, (message) =>
          warnings.push({ file: file.shownAs, message }),
        )
      let linesOfFile = 0
      try {
        const pieces = piecesOf(source, pool, { blockBytes, maxLineBytes })
        for await (const report of inOrder(pieces, read, readers.depth)) {
          take(file, linesOfFile, report)
          linesOfFile += report.lines
        }
      } catch (error) {
        if (!isFileError(error)) throw error
        unreadable.push({ file: file.shownAs, message: fileErrorText(error) })
      }
      lines += linesOfFile
    }
  } finally {
    await readers.close()
  }
  return { lines, unreadable, warnings }
}

async function* piecesOf(
  open: () => Promise<ByteSource>,
  pool: BufferPool,
  sizes: { readonly blockBytes: number; readonly maxLineBytes: number },
): AsyncGenerator<Piece> {
  const source = await open()
  try {
    yield* cutLines(source, pool, sizes)
  } finally {
    await source.close()
  }
}

/**
 * What `work` makes of each piece, in the order of the pieces, with up to `depth` of them under way. Where
 * the pieces fail, what was made of those before is given first.
 */
async function* inOrder<Made>(
  pieces: AsyncIterable<Piece>,
  work: (piece: Piece) => Promise<Made>,
  depth: number,
): AsyncGenerator<Made> {
  const pending: Promise<Made>[] = []
  let failure: { readonly error: unknown } | null = null
  try {
    for await (const piece of pieces) {
      const made = work(piece)
      // Until it is awaited below, a failure must not count as unhandled.
      made.catch(() => {})
      pending.push(made)
      if (pending.length >= depth) yield await (pending.shift() as typeof made)
    }
  } catch (error) {
    failure = { error }
  }
  for (const made of pending) yield await made
  if (failure !== null) throw failure.error
}
