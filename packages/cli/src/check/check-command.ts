import { availableParallelism } from 'node:os'
import type { Call } from 'callstate'
import { UsageError } from '../status-word.ts'
import { colorsOf, printable, type Terminal, write, writeAll } from '../terminal.ts'
import { STANDARD_INPUT } from './byte-source.ts'
import { type CheckedLog, checkLog, type LogFile } from './check-log.ts'
import { MAX_LINE_BYTES } from './line-blocks.ts'
import { startProgress } from './progress.ts'
import { reportJson, reportNdjson } from './report-json.ts'
import { reportText } from './report-text.ts'

export const CHECK_FORMATS = ['text', 'ndjson', 'json'] as const

/** Worker threads at most: beyond, the thread that puts the blocks in order is the limit. */
export const MAX_WORKERS = 3

/** The options of `callstate check`. */
export interface CheckOptions {
  readonly format: (typeof CHECK_FORMATS)[number]
  readonly provider: string
  readonly strict: boolean
  readonly maxLineBytes: number
  readonly workers: number
}

/** One worker for each processor but one, which the main thread uses; up to `MAX_WORKERS`. */
export function defaultWorkers(): number {
  return Math.min(MAX_WORKERS, availableParallelism() - 1)
}

/**
 * Runs `callstate check` and gives its exit code: 0 without findings, 1 with findings, 2 where a file
 * could not be read to its end.
 */
export async function runCheck(
  paths: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
): Promise<number> {
  const files = logFiles(paths, terminal)
  const progress = await startProgress(files, terminal)
  const { format, ...settings } = options
  const checked = await checkLog(
    files,
    { ...settings, keepAllInvalid: format !== 'text' },
    terminal.stdin,
    progress.add,
  ).finally(progress.stop)
  try {
    const { ledger, invalid, unreadable, warnings } = checked
    await writeReport(checked, format, terminal)
    for (const { file, message } of [...warnings, ...unreadable]) {
      await write(terminal.stderr, `callstate: ${printable(file)}: ${message}\n`)
    }
    return unreadable.length > 0 ? 2 : ledger.findings + invalid.count > 0 ? 1 : 0
  } finally {
    checked.invalid.close()
  }
}

/** One call of a log. Throws a `UsageError` where the log has no call of this identifier. */
export async function findCall(
  id: string,
  paths: readonly string[],
  terminal: Terminal,
): Promise<Call> {
  const { ledger, invalid, unreadable } = await checkLog(
    logFiles(paths, terminal),
    {
      provider: 'auto',
      strict: false,
      maxLineBytes: MAX_LINE_BYTES,
      workers: defaultWorkers(),
      keepAllInvalid: false,
    },
    terminal.stdin,
  )
  invalid.close()
  for (const entry of ledger.entries()) if (entry.id === id) return entry.call
  const failed = unreadable.map(({ file, message }) => ` ${printable(file)}: ${message}.`).join('')
  throw new UsageError(
    `expected the identifier of a call in the log, got one that it does not hold.${failed} Every call is listed by "callstate check --format ndjson".`,
  )
}

/** The files of a log as they were named. Throws a `UsageError` for none on a terminal. */
export function logFiles(paths: readonly string[], { stdin }: Terminal): readonly LogFile[] {
  if (paths.length === 0 && stdin.isTTY === true) {
    throw new UsageError(
      'expected a FILE or a log on standard input, got a terminal. Try "callstate check webhooks.ndjson", or "callstate check --help".',
    )
  }
  const wanted = paths.length > 0 ? paths : [STANDARD_INPUT]
  return wanted.map((path) => ({ path, shownAs: path === STANDARD_INPUT ? 'stdin' : path }))
}

async function writeReport(
  checked: CheckedLog,
  format: CheckOptions['format'],
  terminal: Terminal,
): Promise<void> {
  const { stdout, stderr } = terminal
  switch (format) {
    case 'text':
      return writeAll(stdout, reportText(checked, colorsOf(terminal)))
    case 'json':
      return writeAll(stdout, reportJson(checked))
    case 'ndjson':
      await writeAll(stdout, reportNdjson(checked))
      return writeAll(stderr, invalidMessages(checked))
    default:
      return format satisfies never
  }
}

function* invalidMessages({ invalid }: CheckedLog): Generator<string> {
  for (const { file, line, message } of invalid.entries()) {
    yield `${printable(file)}:${line}: ${message}\n`
  }
}
