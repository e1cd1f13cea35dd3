import type { Terminal } from '../command/terminal.ts'
import type { ChosenProviders } from '../providers/choose-providers.ts'
import { type ByteSource, openSource } from './byte-source.ts'
import { BLOCK_BYTES, createBufferPool, cutLines } from './line-blocks.ts'
import { STANDARD_INPUT } from './log-file.ts'
import { contentOfLine } from './log-message.ts'

/** Whether a line can be read again: standard input cannot. */
export function canReadAgain(path: string): boolean {
  return path !== STANDARD_INPUT
}

/** The decoded message in one line of a file, 1 for the first; undefined where it is not there any more. */
export async function messageAt(
  path: string,
  line: number,
  {
    maxLineBytes,
    providers,
  }: { readonly maxLineBytes: number; readonly providers: ChosenProviders },
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
    const content = text === null ? null : await contentOfLine(text, providers)
    return content?.type === 'message' ? content.message.body : undefined
  } finally {
    await source.close()
  }
}

async function lineOf(
  source: ByteSource,
  line: number,
  maxLineBytes: number,
): Promise<string | null> {
  const pool = createBufferPool(BLOCK_BYTES)
  let before = 0
  for await (const piece of cutLines(source, pool, { blockBytes: BLOCK_BYTES, maxLineBytes })) {
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
    pool.give(bytes.buffer)
  }
  return null
}
