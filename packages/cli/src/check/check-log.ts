import process from 'node:process'
import type { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import type { RetryPolicy } from 'callstate'
import { createBlockReaders } from './block-readers.ts'
import { openSource } from './byte-source.ts'
import { CallLedger } from './call-ledger.ts'
import { InvalidLog } from './invalid-log.ts'
import { KNOWN_PROVIDERS } from './known-providers.ts'
import type { EventRow } from './line.ts'
import { BLOCK_BYTES, createBufferStock, cutLines } from './line-blocks.ts'
import { type BlockReport, type LineSettings, reportOversizedLine } from './read-block.ts'

/** How a log is checked. */
export interface CheckSettings extends LineSettings {
  /** Whether `late` and `skipped` are findings. */
  readonly strict: boolean
  /** Worker threads; 0 reads everything on this one. The result is the same. */
  readonly workers: number
  /** Whether every invalid line is wanted, not only the first ones and their number. */
  readonly keepAllInvalid: boolean
  readonly blockBytes?: number
  /** Hears of every event, in the order of the lines. */
  readonly onEvent?: EventListener
}

/** Hears of an event at a line of a file; `policies` are those that rows refer to. */
export type EventListener = (
  file: LogFile,
  line: number,
  row: EventRow,
  policies: readonly RetryPolicy[],
) => void

/** Something to say of a file: that it could not be read to its end, or with what it ends. */
export interface FileMessage {
  readonly file: string
  readonly message: string
}

/** Everything found in a log. Close `invalid` when it has been read. */
export interface CheckedLog {
  readonly files: readonly string[]
  readonly lines: number
  readonly ledger: CallLedger
  readonly invalid: InvalidLog
  readonly unreadable: readonly FileMessage[]
  /** Files of which something was left out that is no part of the log. */
  readonly warnings: readonly FileMessage[]
  /** How many lines of no use to the provider that `--provider` names are another's, by that provider. */
  readonly looksLike: readonly number[]
}

/** A file and its name in findings. */
export interface LogFile {
  readonly path: string
  readonly shownAs: string
}

/**
 * Reads logs from start to end, once, and takes every event in by the order of the lines. A file that
 * cannot be read is reported; what was read of it and of the other files counts.
 */
export async function checkLog(
  files: readonly LogFile[],
  settings: CheckSettings,
  stdin: Readable,
  onRead: (bytes: number) => void = () => {},
): Promise<CheckedLog> {
  spareCompiler()
  const ledger = new CallLedger(settings)
  const invalid = new InvalidLog({ keepAll: settings.keepAllInvalid })
  const unreadable: FileMessage[] = []
  const warnings: FileMessage[] = []
  const looksLike = KNOWN_PROVIDERS.map(() => 0)
  const { maxLineBytes, provider, blockBytes = BLOCK_BYTES } = settings
  const stock = createBufferStock(blockBytes)
  const readers = createBlockReaders(settings.workers, { maxLineBytes, provider }, stock)
  let lines = 0
  try {
    for (const file of files) {
      const { path, shownAs } = file
      let lineInFile = 0
      const take = (report: BlockReport) => {
        takeReport(report, shownAs, lineInFile, ledger, invalid)
        if (settings.onEvent !== undefined) tellEvents(report, file, lineInFile, settings.onEvent)
        if (ledger.calls > MANY_CALLS) keepHeapClose()
        report.looksLike.forEach((count, provider) => {
          looksLike[provider] = (looksLike[provider] ?? 0) + count
        })
        lineInFile += report.lines
        lines += report.lines
      }
      // Reports are awaited in the order of the blocks, whichever worker is done first.
      const pending: Promise<BlockReport>[] = []
      try {
        const source = await openSource(path, stdin, onRead, (message) =>
          warnings.push({ file: shownAs, message }),
        )
        try {
          for await (const piece of cutLines(source, stock, { blockBytes, maxLineBytes })) {
            const report =
              piece.kind === 'block'
                ? readers.read(piece.bytes)
                : Promise.resolve(reportOversizedLine(maxLineBytes))
            // Until it is awaited below, a failure must not count as unhandled.
            report.catch(() => {})
            pending.push(report)
            if (pending.length >= readers.depth) take(await (pending.shift() as typeof report))
          }
        } finally {
          await source.close()
        }
      } catch (error) {
        if (!isFileError(error)) throw error
        unreadable.push({ file: shownAs, message: describeFileError(error) })
      }
      for (const report of pending) take(await report)
    }
  } finally {
    await readers.close()
  }
  return {
    files: files.map(({ shownAs }) => shownAs),
    lines,
    ledger,
    invalid,
    unreadable,
    warnings,
    looksLike,
  }
}

/**
 * V8 compiles hot code twice: soon with Maglev, and once more with Turbofan, which takes a fifth of all
 * processor time away from the threads that read, each of which has its own code. On a log of some
 * hundred megabytes that never pays: most of the work is `JSON.parse`, which is compiled already.
 * Before Node 24 Maglev is off, so nothing is changed there.
 */
function spareCompiler(): void {
  if (Number.parseInt(process.versions.node, 10) < 24) return
  setFlagsFromString(`--invocation-count-for-turbofan=${CALLS_BEFORE_TURBOFAN}`)
}

/** Calls of a function; V8 itself counts to 3,000. */
const CALLS_BEFORE_TURBOFAN = 100_000

/** Calls from which on memory counts more than time. */
const MANY_CALLS = 100_000

/**
 * A log of many calls fills the heap with small, long-lived texts. V8 would let the heap grow to a
 * multiple of what is in use before it cleans up. For few calls that is the fastest; here it is kept close.
 */
function keepHeapClose(): void {
  setFlagsFromString('--heap-growing-percent=30')
}

function takeReport(
  report: BlockReport,
  file: string,
  linesBefore: number,
  ledger: CallLedger,
  invalid: InvalidLog,
): void {
  const policies = ledger.share(report.policies)
  for (const row of report.events) ledger.take(file, linesBefore + row[0], row, policies)
  for (let at = 0; at < report.invalid.length; at += 2) {
    const line = linesBefore + (report.invalid[at] as number)
    invalid.add({ file, line, message: report.faults[report.invalid[at + 1] as number] as string })
  }
}

function tellEvents(
  { events, policies }: BlockReport,
  file: LogFile,
  linesBefore: number,
  tell: EventListener,
): void {
  for (const row of events) tell(file, linesBefore + row[0], row, policies)
}

type FileError = Error & { readonly code: string }

const ZLIB_ERROR = /^Z_/

/** Errors of the file system and of gzip; every other error is a bug and goes up. */
function isFileError(error: unknown): error is FileError {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return false
  return 'syscall' in error || ZLIB_ERROR.test(error.code)
}

function describeFileError({ code }: FileError): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file; check the name'
    case 'EISDIR':
      return 'expected a file, got a folder; name the files in it'
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read the file; check its permissions'
    case 'Z_BUF_ERROR':
      return 'the gzip data ends too early; what was read before counts, get the whole file'
    default:
      return ZLIB_ERROR.test(code)
        ? `the gzip data is damaged (${code}); what was read before counts, get the file again`
        : `the file cannot be read (${code})`
  }
}
