import { type ByteSource, openSource, STANDARD_INPUT } from '../check/byte-source.ts'
import { bodyOfLine } from '../check/line.ts'
import { BLOCK_BYTES, createBufferStock, cutLines } from '../check/line-blocks.ts'
import type { Terminal } from '../terminal.ts'

/** Whether a line can be read again: standard input cannot. */
export function canReadAgain(path: string): boolean {
  return path !== STANDARD_INPUT
}

/** The message in one line of a file, 1 for the first; undefined where it is not there any more. */
export async function messageAt(
  path: string,
  line: number,
  maxLineBytes: number,
  { stdin }: Pick<Terminal, 'stdin'>,
): Promise<unknown> {
  const source = await openSource(
    path,
    stdin,
    () => {},
    () => {},
  )
  try {
    const text = await lineOf(source, line, maxLineBytes)
    return text === null ? undefined : bodyOfLine(text)
  } finally {
    await source.close()
  }
}

async function lineOf(
  source: ByteSource,
  line: number,
  maxLineBytes: number,
): Promise<string | null> {
  const stock = createBufferStock(BLOCK_BYTES)
  let before = 0
  for await (const piece of cutLines(source, stock, { blockBytes: BLOCK_BYTES, maxLineBytes })) {
    if (piece.kind === 'oversized-line') {
      before++
      continue
    }
    const { bytes } = piece
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(0x0a, start)
      const end = newline < 0 ? bytes.length : newline
      if (++before === line) return bytes.toString('utf8', start, end)
      start = end + 1
    }
    stock.give(bytes.buffer)
  }
  return null
}
