import type { Provider } from 'callstate/providers'
import { dataByAttempt } from '../calls/payload-data.ts'
import type { Data } from '../calls/payload-data-fields.ts'
import type { HistoryEntry } from '../calls/tracked-call.ts'

/** The merged data of the attempts of a call, made when somebody asks for them. */
export interface AttemptData {
  /** The data of an attempt after so many entries; a copy of its own, to keep. */
  at(entries: number, attempt: number): Data
}

/** The data of a history. Nothing is merged before it is asked for; each answer costs the history up to there. */
export function attemptDataOf(history: readonly HistoryEntry[], provider: Provider): AttemptData {
  return {
    at: (entries, attempt) => dataByAttempt(history.slice(0, entries), provider).get(attempt) ?? {},
  }
}
