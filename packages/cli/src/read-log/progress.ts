import { stat } from 'node:fs/promises'
import type { Terminal } from '../command/terminal.ts'
import { type LogFile, STANDARD_INPUT } from './log-file.ts'

/** Shows how far the reading is. */
export interface Progress {
  add(bytes: number): void
  stop(): void
}

const MEGABYTE = 1_000_000

/** A bar on standard error, by bytes; nothing where that is no terminal. */
export async function startProgress(
  files: readonly LogFile[],
  { stderr }: Pick<Terminal, 'stderr'>,
): Promise<Progress> {
  if (stderr.isTTY !== true) return { add() {}, stop() {} }
  // Loaded only where it is shown.
  const { Presets, SingleBar } = (await import('cli-progress')).default
  const sizes = await Promise.all(files.map(({ path }) => sizeOf(path)))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const known = total > 0 && sizes.every((size) => size > 0)
  const format = known ? '{bar} {percentage}%  {read} of {size} MB' : '{read} MB read'
  const bar = new SingleBar(
    {
      format: `callstate check  ${format}`,
      stream: stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  )
  const megabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(1)
  let read = 0
  bar.start(Math.max(total, 1), 0, { read: '0.0', size: megabytes(total) })
  return {
    add(bytes) {
      read += bytes
      bar.update(read, { read: megabytes(read) })
    },
    stop: () => bar.stop(),
  }
}

/** Size of a regular file; 0 where it cannot be known. */
async function sizeOf(path: string): Promise<number> {
  if (path === STANDARD_INPUT) return 0
  try {
    return (await stat(path)).size
  } catch {
    return 0
  }
}
