import { type CallStatus, merge } from 'callstate'
import { attemptsOf } from 'callstate/internal'
import type { FinalField, Provider } from 'callstate/providers'
import type { FinalData } from './final-data.ts'
import { finalDataOf } from './ledger.ts'
import { dataByAttempt } from './payload-data.ts'
import type { Data } from './payload-data-fields.ts'
import type { HistoryEntry, TrackedCall } from './tracked-call.ts'

/** An attempt with its own data. */
export interface AttemptWithData<AttemptData = Data> {
  readonly attempt: number
  /** Null where nothing but data was heard of it, or no status of the table. */
  readonly status: CallStatus | null
  /** Its messages' fields, merged: newer ones fill, nothing is erased. Empty where nothing was kept. */
  readonly data: AttemptData
  /** What is final of it; null while it goes on. */
  readonly finalData: FinalData | null
  /** The expected data that have not come. */
  readonly missing: readonly FinalField[]
}

/** Every attempt of a call, the first one first. Pure. */
export function attemptsWithData(
  row: TrackedCall,
  history: readonly HistoryEntry[],
  provider: Provider | undefined,
): readonly AttemptWithData[] {
  const data = dataByAttempt(history, provider)
  const known = attemptsOf(row.knowledge)
  const numbers = [...known, ...row.attempts].map(({ attempt }) => attempt)
  const all = [...new Set([...numbers, ...data.keys()])].toSorted((a, b) => a - b)
  return all.map((attempt) => {
    const ledger = row.attempts.find((one) => one.attempt === attempt)
    const record = known.find((one) => one.attempt === attempt)
    return {
      attempt,
      status: record === undefined ? null : statusOf(record),
      data: data.get(attempt) ?? {},
      finalData: ledger === undefined ? null : finalDataOf(ledger),
      missing: ledger?.missing ?? [],
    }
  })
}

/** What an attempt has come to is read off it as if it were the only one. */
function statusOf(record: TrackedCall['knowledge']['heard'][number]): CallStatus | null {
  const none = { status: null, attempt: 1, heard: [], unrecognized: [] }
  return merge(none, { ...none, heard: [record] }).status
}
