import type { Provider } from 'callstate/providers'
import type { LogFile } from '../read-log/log-file.ts'
import type { ToldBy } from '../read-log/log-message.ts'
import type { BlockReport } from '../read-log/read-block.ts'
import { type LogInput, type LogNotes, type LogSettings, readLog } from '../read-log/read-log.ts'
import { CallLedger } from './call-ledger.ts'
import { InvalidLog } from './invalid-log.ts'

/** How a log is checked. */
export interface CheckSettings extends LogSettings {
  /** Whether `late`, `skipped` and `read-anew` are findings. */
  readonly strict: boolean
  /** Whether every invalid line is wanted, not only the first ones and their number. */
  readonly keepAllInvalid: boolean
}

/** Everything found in a log. Close `invalid` when it has been read. */
export interface CheckedLog extends LogNotes {
  readonly files: readonly string[]
  /** Those whose messages there could have been. */
  readonly providers: readonly Provider[]
  /** How many lines told events; one line may tell several. */
  readonly messages: number
  /** By provider: how many events were told to be its own, by how. */
  readonly told: ReadonlyMap<string, ReadonlyMap<ToldBy, number>>
  /** How many lines told no status, by the word for their kind. */
  readonly other: ReadonlyMap<string, number>
  /** How many lines of no use to the provider that `--provider` names are another's, by its name. */
  readonly looksLike: ReadonlyMap<string, number>
  readonly ledger: CallLedger
  readonly invalid: InvalidLog
}

/** Reads logs from start to end, once, and takes every event in by the order of the lines. */
export async function checkLog(
  files: readonly LogFile[],
  settings: CheckSettings,
  input: LogInput,
): Promise<CheckedLog> {
  const { providers, strict, keepAllInvalid } = settings
  const ledger = new CallLedger({ providers: providers.known, strict })
  const invalid = new InvalidLog({ keepAll: keepAllInvalid })
  const told = new Map<string, Map<ToldBy, number>>()
  const other = new Map<string, number>()
  const looksLike = new Map<string, number>()
  let messages = 0
  const take = ({ shownAs: file }: LogFile, linesBefore: number, report: BlockReport) => {
    messages += report.told.length
    for (const { line, toldBy, events } of report.told) {
      for (const event of events) {
        ledger.take(event, { file, line: linesBefore + line })
        const counts = told.get(event.provider) ?? new Map<ToldBy, number>()
        told.set(event.provider, counts)
        add(counts, toldBy, 1)
      }
    }
    for (const [line, fault] of report.invalid) {
      invalid.add({ file, line: linesBefore + line, message: report.faults[fault] ?? '' })
    }
    for (const [word, lines] of Object.entries(report.other)) add(other, word, lines)
    for (const [name, lines] of Object.entries(report.looksLike)) add(looksLike, name, lines)
  }
  const notes = await readLog(files, settings, input, take)
  const names = files.map(({ shownAs }) => shownAs)
  const whose = { providers: providers.known, told, looksLike }
  return { ...notes, ...whose, files: names, messages, other, ledger, invalid }
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}
