import type { LoggedCall, LoggedEvent } from '@callstate/inspector'
import { InvalidLog } from '../check/invalid-log.ts'
import type { Terminal } from '../command/terminal.ts'
import { type ChosenProviders, chooseProviders } from '../providers/choose-providers.ts'
import { MAX_LINE_BYTES } from '../read-log/line-blocks.ts'
import { canReadAgain, messageAt } from '../read-log/line-of-file.ts'
import { type LogFile, logFiles } from '../read-log/log-file.ts'
import { startProgress } from '../read-log/progress.ts'
import type { BlockReport } from '../read-log/read-block.ts'
import { defaultWorkers, type LogNotes, readLog } from '../read-log/read-log.ts'

/** The calls of a log with their events, in the order of the lines, and what could not be read. */
export interface LoggedCalls {
  readonly calls: readonly LoggedCall[]
  readonly files: readonly LogFile[]
  readonly providers: ChosenProviders
  readonly notes: LogNotes
  /** To be closed when it has been read. */
  readonly invalid: InvalidLog
}

/**
 * Reads a log as `callstate check` does, and keeps every event. Messages are not kept: a line is read
 * again when somebody wants to see it.
 */
export async function readLoggedCalls(
  paths: readonly string[],
  providerWords: readonly string[],
  terminal: Terminal,
): Promise<LoggedCalls> {
  const files = logFiles(paths, terminal)
  const providers = await chooseProviders(providerWords)
  const settings = { providers, maxLineBytes: MAX_LINE_BYTES, workers: defaultWorkers() }
  const calls = new Map<string, LoggedCall & { readonly entries: LoggedEvent[] }>()
  const invalid = new InvalidLog({ keepAll: false })
  const take = ({ path, shownAs }: LogFile, linesBefore: number, report: BlockReport) => {
    for (const { line, receivedAt, events } of report.told) {
      const payload = () => messageAt(path, linesBefore + line, settings, terminal)
      const read = { receivedAt, ...(canReadAgain(path) && { payload }) }
      for (const event of events) {
        const { provider, callId, kind } = event
        const key = `${provider} ${callId}`
        const call = calls.get(key) ?? { provider, callId, entries: [] }
        calls.set(key, call)
        call.entries.push({ event, kind, ...read })
      }
    }
    for (const [line, fault] of report.invalid) {
      const message = report.faults[fault] ?? ''
      invalid.add({ file: shownAs, line: linesBefore + line, message })
    }
  }
  const progress = await startProgress(files, terminal)
  const input = { stdin: terminal.stdin, onRead: progress.add }
  const notes = await readLog(files, settings, input, take).finally(progress.stop)
  return { calls: [...calls.values()], files, providers, notes, invalid }
}
