import type { LoggedCall, LoggedEvent } from '@callstate/inspector'
import { eventOf } from '../check/call-ledger.ts'
import { defaultWorkers, logFiles } from '../check/check-command.ts'
import { type CheckedLog, checkLog } from '../check/check-log.ts'
import { PROVIDER_NAMES } from '../check/known-providers.ts'
import { MAX_LINE_BYTES } from '../check/line-blocks.ts'
import { startProgress } from '../check/progress.ts'
import type { Terminal } from '../terminal.ts'
import { canReadAgain, messageAt } from './line-of-file.ts'

/** The calls of a log with their events, in the order of the lines, and what could not be read. */
export interface LoggedCalls {
  readonly calls: readonly LoggedCall[]
  readonly checked: CheckedLog
}

/**
 * Reads a log as `callstate check` does, and keeps every event. Messages are not kept: a line is read
 * again when somebody wants to see it.
 */
export async function readLoggedCalls(
  paths: readonly string[],
  provider: string,
  terminal: Terminal,
): Promise<LoggedCalls> {
  const files = logFiles(paths, terminal)
  const calls = new Map<string, { provider: string; id: string; entries: LoggedEvent[] }>()
  const progress = await startProgress(files, terminal)
  const settings = {
    provider,
    strict: false,
    maxLineBytes: MAX_LINE_BYTES,
    workers: defaultWorkers(),
    keepAllInvalid: false,
  }
  const checked = await checkLog(
    files,
    {
      ...settings,
      onEvent({ path }, line, row, policies) {
        const [, providerIndex, , id] = row
        const name = PROVIDER_NAMES[providerIndex] as string
        const key = `${name} ${id}`
        const call = calls.get(key) ?? { provider: name, id, entries: [] }
        calls.set(key, call)
        const payload = () => messageAt(path, line, MAX_LINE_BYTES, terminal)
        call.entries.push({
          event: eventOf(row, policies),
          ...(canReadAgain(path) && { payload }),
        })
      },
    },
    terminal.stdin,
    progress.add,
  ).finally(progress.stop)
  return { calls: [...calls.values()], checked }
}
