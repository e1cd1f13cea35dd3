import { isAscii, isUtf8 } from 'node:buffer'
import type { RetryPolicy } from 'callstate'
import { KNOWN_PROVIDERS } from './known-providers.ts'
import { type EventRow, type LineReading, readLine } from './line.ts'
import { PolicyList } from './policy-list.ts'

/** How lines are read; plain data, so that it reaches a worker. */
export interface LineSettings {
  /** The provider's name, or `auto` to tell it by shape. */
  readonly provider: string
  /** Bytes that a line may have, its line end not counted. */
  readonly maxLineBytes: number
}

/** What a block of lines says. Line numbers count from 1 within the block. */
export interface BlockReport {
  readonly lines: number
  readonly events: readonly EventRow[]
  /** The retry policies that the events refer to by number. */
  readonly policies: readonly RetryPolicy[]
  /** Line number and index into `faults`, one pair after the other. */
  readonly invalid: readonly number[]
  /** The different faults: many damaged lines share few sentences. */
  readonly faults: readonly string[]
  /** How many lines of no use to the provider that `--provider` names are another's, by that provider. */
  readonly looksLike: readonly number[]
}

/** The report of one line that was too long to be kept. */
export function reportOversizedLine(maxLineBytes: number): BlockReport {
  const faults = [oversized(maxLineBytes)]
  return { lines: 1, events: [], policies: [], invalid: [1, 0], faults, looksLike: [] }
}

/** Reads a block of whole lines. Pure; never throws. */
export function readBlock(bytes: Buffer, settings: LineSettings): BlockReport {
  // The usual case: nothing to decode, and nothing to check line by line.
  const ascii = isAscii(bytes)
  const events: EventRow[] = []
  const list = new PolicyList()
  const invalid: number[] = []
  const faults = new Map<string, number>()
  const looksLike = KNOWN_PROVIDERS.map(() => 0)
  let line = 0
  for (let start = 0; start < bytes.length; ) {
    line++
    const newline = bytes.indexOf(NEWLINE, start)
    const next = newline < 0 ? bytes.length : newline + 1
    const stop = newline < 0 ? bytes.length : newline
    const end = newline > start && bytes[newline - 1] === RETURN ? newline - 1 : stop
    const text =
      end - start > settings.maxLineBytes
        ? { ok: false as const, fault: oversized(settings.maxLineBytes) }
        : ascii
          ? { ok: true as const, text: bytes.toString('latin1', start, end) }
          : decode(bytes.subarray(start, end))
    start = next
    if (text.ok && isBlank(text.text)) continue
    const reading: LineReading = text.ok ? readLine(text.text, line, settings.provider, list) : text
    if (reading.looksLike !== undefined) {
      looksLike[reading.looksLike] = (looksLike[reading.looksLike] ?? 0) + 1
    }
    if (reading.ok) {
      events.push(reading.event)
    } else {
      const index = faults.get(reading.fault) ?? faults.size
      faults.set(reading.fault, index)
      invalid.push(line, index)
    }
  }
  const { policies } = list
  return { lines: line, events, policies, invalid, faults: [...faults.keys()], looksLike }
}

const NEWLINE = 0x0a
const RETURN = 0x0d

function oversized(maxLineBytes: number): string {
  return `the line is longer than ${maxLineBytes} bytes; raise the limit with --max-line-bytes if it is real`
}

function decode(bytes: Buffer) {
  return isUtf8(bytes)
    ? { ok: true as const, text: bytes.toString('utf8') }
    : { ok: false as const, fault: 'the line is not valid UTF-8' }
}

function isBlank(text: string): boolean {
  return text[0] !== '{' && /^[ \t\r]*$/.test(text)
}
