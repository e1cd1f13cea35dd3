import { isAscii, isUtf8 } from 'node:buffer'
import type { ProviderEvent } from 'callstate/providers'
import type { ChosenProviders } from '../providers/choose-providers.ts'
import { readLine } from './line.ts'
import type { ToldBy } from './log-message.ts'

/** A line that told events. */
export interface ToldLine {
  /** Counts from 1 within the block. */
  readonly line: number
  readonly toldBy: ToldBy
  /** When it came, in milliseconds since 1970; null where the log does not say. */
  readonly receivedAt: number | null
  /** At least one. */
  readonly events: readonly ProviderEvent[]
}

/** What a block of lines says, as plain data. */
export interface BlockReport {
  readonly lines: number
  readonly told: readonly ToldLine[]
  /** How many lines told no status, by the word for their kind. */
  readonly other: Readonly<Record<string, number>>
  /** Lines by number, each with a place in `faults`. */
  readonly invalid: readonly (readonly [line: number, fault: number])[]
  /** The different faults: many damaged lines share few sentences. */
  readonly faults: readonly string[]
  /** How many lines of no use to the provider that `--provider` names are another's, by its name. */
  readonly looksLike: Readonly<Record<string, number>>
}

/** The report of one line that was too long to be kept. */
export function reportOversizedLine(maxLineBytes: number): BlockReport {
  const faults = [oversized(maxLineBytes)]
  return { lines: 1, told: [], other: {}, invalid: [[1, 0]], faults, looksLike: {} }
}

/** Reads a block of whole lines; one beyond `maxLineBytes`, its end not counted, is invalid. Never rejects. */
export async function readBlock(
  bytes: Buffer,
  providers: ChosenProviders,
  maxLineBytes: number,
): Promise<BlockReport> {
  // The usual case: nothing to decode, and nothing to check line by line.
  const ascii = isAscii(bytes)
  const told: ToldLine[] = []
  const other = new Map<string, number>()
  const looksLike = new Map<string, number>()
  const invalid: [line: number, fault: number][] = []
  const faults = new Map<string, number>()
  const refuse = (line: number, fault: string) => {
    const index = faults.get(fault) ?? faults.size
    faults.set(fault, index)
    invalid.push([line, index])
  }
  let line = 0
  for (let start = 0; start < bytes.length; ) {
    line++
    const { end, next } = lineAt(bytes, start)
    const [from, length] = [start, end - start]
    start = next
    if (length > maxLineBytes) {
      refuse(line, oversized(maxLineBytes))
      continue
    }
    if (!ascii && !isUtf8(bytes.subarray(from, end))) {
      refuse(line, 'the line is not valid UTF-8')
      continue
    }
    const text = bytes.toString(ascii ? 'latin1' : 'utf8', from, end)
    if (isBlank(text)) continue
    const reading = await readLine(text, providers)
    if (reading.looksLike !== undefined) count(looksLike, reading.looksLike)
    if (reading.type === 'invalid') refuse(line, reading.fault)
    else if (reading.type === 'other') count(other, reading.word)
    else {
      const { toldBy, receivedAt, events } = reading
      told.push({ line, toldBy, receivedAt, events })
    }
  }
  return {
    lines: line,
    told,
    other: Object.fromEntries(other),
    invalid,
    faults: [...faults.keys()],
    looksLike: Object.fromEntries(looksLike),
  }
}

const NEWLINE = 0x0a
const RETURN = 0x0d

/** Where the line that begins here ends, and where the next one begins. */
function lineAt(bytes: Buffer, start: number): { readonly end: number; readonly next: number } {
  const newline = bytes.indexOf(NEWLINE, start)
  if (newline < 0) return { end: bytes.length, next: bytes.length }
  const hasReturn = newline > start && bytes[newline - 1] === RETURN
  return { end: hasReturn ? newline - 1 : newline, next: newline + 1 }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function oversized(maxLineBytes: number): string {
  return `the line is longer than ${maxLineBytes} bytes; raise the limit with --max-line-bytes if it is real`
}

function isBlank(text: string): boolean {
  return text[0] !== '{' && /^[ \t\r]*$/.test(text)
}
