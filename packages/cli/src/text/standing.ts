import { type Call, type CallStatus, type Outcome, timeline } from 'callstate'
import { isoTime } from './iso-time.ts'
import { type StatusFacts, statusFacts } from './status-facts.ts'

/** Which call it is and how it stands, as JSON answers begin. */
export interface Standing extends StatusFacts {
  readonly provider: string
  readonly id: string
  readonly attempt: number
  readonly settled: boolean
  readonly outcome: Outcome
}

/** One status of a call and when it began, as JSON answers hold it. */
export interface TimelineItem {
  readonly attempt: number
  readonly status: CallStatus
  /** ISO 8601 in UTC; null where it is unknown. */
  readonly occurredAt: string | null
}

/** Says how a call stands. The order of the keys is part of the format. Pure. */
export function standingOf(
  provider: string,
  id: string,
  row: Pick<Standing, 'status' | 'attempt' | 'settled' | 'outcome'>,
): Standing {
  const { status, attempt, settled, outcome } = row
  return { provider, id, ...statusFacts(status), attempt, settled, outcome }
}

/** How a call stands, in words for a person. Pure. */
export function standingText(
  { status, attempt, settled }: Pick<Standing, 'status' | 'attempt' | 'settled'>,
  color: (text: string) => string = (text) => text,
): string {
  const state = color(status ?? 'status not recognized')
  const later = attempt > 1 ? `, attempt ${attempt}` : ''
  return `${state}${later}, ${settled ? 'settled' : 'not settled'}`
}

/** The statuses of a call in order, with readable times. The order of the keys is part of the format. Pure. */
export function timelineOf(call: Call): readonly TimelineItem[] {
  return timeline(call).map(({ attempt, status, occurredAt }) => ({
    attempt,
    status,
    occurredAt: isoTime(occurredAt),
  }))
}
