import type { Terminal } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'

/** The name under which standard input is asked for on the command line. */
export const STANDARD_INPUT = '-'

/** A file of a log and its name in findings. */
export interface LogFile {
  readonly path: string
  readonly shownAs: string
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
