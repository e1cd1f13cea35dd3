import type { Readable, Writable } from 'node:stream'
import { createColors } from 'picocolors'

type Colors = ReturnType<typeof createColors>

/** The streams of a run and what they can show. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The colours for standard output: none unless it is a terminal, or where `NO_COLOR` is set. */
export function colorsOf({ stdout, env }: Terminal): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = env
  const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb'
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0'
  return createColors(!refused && (forced || stdout.isTTY === true))
}

export type { Colors }

/** Writes a text, and waits where the reader is slower. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.write(text)) return
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done).off('error', done)
      resolve()
    }
    stream.once('drain', done).once('close', done).once('error', done)
  })
}

const WRITE_CHARACTERS = 64 * 1024

/** Writes many small texts in large pieces. */
export async function writeAll(stream: Writable, texts: Iterable<string>): Promise<void> {
  let pending: string[] = []
  let length = 0
  for (const text of texts) {
    if (stream.destroyed) return
    pending.push(text)
    length += text.length
    if (length < WRITE_CHARACTERS) continue
    await write(stream, pending.join(''))
    pending = []
    length = 0
  }
  await write(stream, pending.join(''))
}

/** A count with its noun, such as `1 call` and `2 calls`. Pure. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A JSON document as an answer, indented so that a person can read it too. Pure. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** Text from outside without what a terminal would obey or what would turn the line round. Pure. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}')
}
