import {
  closeSync,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { wholeNumber } from '../assert-number.ts'
import { DEFAULTS } from '../defaults.ts'
import { TrackerError } from '../error.ts'
import type { DeliverySink } from '../receive/record-deliveries.ts'

/** How large and how many files of a recording may be. */
export interface FileSinkOptions {
  /** How many bytes a file may have before another is begun; `DEFAULTS.recorder.maxBytes` where left out. */
  readonly maxBytes?: number
  /** Files that are kept, the one that is written included; `DEFAULTS.recorder.keep` where left out. */
  readonly keep?: number
}

/** A sink that writes a file. */
export interface FileSink extends DeliverySink {
  /** Writes a line; it is with the operating system when this returns. Throws what the system says. */
  write(line: string): void
  /** Closes the file. Nothing may be written any more. */
  close(): void
}

/** For its owner alone: it holds personal data. */
const MODE = 0o600

/**
 * Writes deliveries to a file, one a line, behind what is in it. The file is for its owner alone (0600).
 * When it would grow beyond `maxBytes` it is renamed to `path.1`, that to `path.2` and so on, and what
 * is more than `keep` files is removed; no line is cut. For one process alone: others would write to a file that
 * was renamed.
 *
 * Throws a `TrackerError` with code `invalid-option` for limits that are none and for a file that cannot
 * be opened.
 *
 * @example
 * const sink = fileSink('deliveries.ndjson', { maxBytes: 16 * 1024 * 1024, keep: 10 })
 */
export function fileSink(path: string, options: FileSinkOptions = {}): FileSink {
  const maxBytes = wholeNumber('maxBytes', options.maxBytes ?? DEFAULTS.recorder.maxBytes)
  const keep = wholeNumber('keep', options.keep ?? DEFAULTS.recorder.keep)
  let file: OpenFile | null = opened(path)

  function rotated(full: OpenFile): OpenFile {
    closeSync(full.fd)
    file = null
    if (keep === 1) rmSync(path, { force: true })
    else rmSync(`${path}.${keep - 1}`, { force: true })
    for (let place = keep - 2; place >= 0; place--) {
      const from = place === 0 ? path : `${path}.${place}`
      renameIfThere(from, `${path}.${place + 1}`)
    }
    return open(path)
  }

  let isClosed = false
  return {
    write(line) {
      if (isClosed) throw new TrackerError('closed', 'The recording was closed.')
      // A rotation that failed is tried anew.
      file ??= open(path)
      const bytes = Buffer.from(`${file.isTorn ? '\n' : ''}${line}\n`)
      if (file.isRegular && file.size > 0 && file.size + bytes.length > maxBytes) {
        file = rotated(file)
      }
      append(file, bytes)
    },
    close() {
      isClosed = true
      if (file !== null) closeSync(file.fd)
      file = null
    },
  }
}

interface OpenFile {
  readonly fd: number
  /** A pipe or a device grows for ever and cannot be renamed. */
  readonly isRegular: boolean
  size: number
  /** Whether its last line was not written to its end. */
  isTorn: boolean
}

function opened(path: string): OpenFile {
  try {
    return open(path)
  } catch (cause) {
    throw new TrackerError(
      'invalid-option',
      'Expected the path of a file that can be written; got one that cannot be opened.',
      { cause },
    )
  }
}

function open(path: string): OpenFile {
  const fd = openSync(path, 'a+', MODE)
  const stats = fstatSync(fd)
  const isRegular = stats.isFile()
  // One that was there before may be readable for others.
  if (isRegular) fchmodSync(fd, MODE)
  return { fd, isRegular, size: stats.size, isTorn: isRegular && isTornAt(fd, stats.size) }
}

/** Whether a file does not end with a line: who wrote it died, or the disk was full. */
function isTornAt(fd: number, size: number): boolean {
  const last = Buffer.alloc(1)
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== LINE_END
}

const LINE_END = 0x0a

function append(file: OpenFile, bytes: Uint8Array): void {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(file.fd, bytes, written)
    file.isTorn = false
  } catch (error) {
    // What follows must not go on in this line.
    if (written > 0) file.isTorn = true
    throw error
  } finally {
    file.size += written
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
