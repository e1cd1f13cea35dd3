import { colorsOf, printable, type Terminal, write, writeAll } from '../command/terminal.ts'
import { chooseProviders } from '../providers/choose-providers.ts'
import { logFiles } from '../read-log/log-file.ts'
import { startProgress } from '../read-log/progress.ts'
import { type CheckedLog, checkLog } from './check-log.ts'
import { reportJson, reportNdjson } from './report-json.ts'
import { reportText } from './report-text.ts'

export const CHECK_FORMATS = ['text', 'ndjson', 'json'] as const

/** The options of `callstate check`. */
export interface CheckOptions {
  readonly format: (typeof CHECK_FORMATS)[number]
  /** Names, paths or `auto`; none is as good as `auto`. */
  readonly provider: readonly string[]
  readonly strict: boolean
  readonly maxLineBytes: number
  readonly workers: number
}

/**
 * Runs `callstate check` and gives its exit code: 0 without findings, 1 with findings, 2 where a file
 * could not be read to its end.
 */
export async function runCheck(
  paths: readonly string[],
  { format, provider, ...settings }: CheckOptions,
  terminal: Terminal,
): Promise<number> {
  const files = logFiles(paths, terminal)
  const providers = await chooseProviders(provider)
  const progress = await startProgress(files, terminal)
  const checked = await checkLog(
    files,
    { ...settings, providers, keepAllInvalid: format !== 'text' },
    { stdin: terminal.stdin, onRead: progress.add },
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
