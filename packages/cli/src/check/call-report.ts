import { outcome } from 'callstate'
import { type Standing, standingOf, type TimelineItem, timelineOf } from '../text/standing.ts'
import type { DecisionCounts, LedgerEntry } from './call-ledger.ts'
import type { Finding } from './finding.ts'

/** What `check` says of one call, as `--format ndjson` and `--format json` print it. */
export interface CallReport extends Standing {
  readonly timeline: readonly TimelineItem[]
  readonly decisions: DecisionCounts
  readonly findings: readonly Finding[]
}

/** Reads a call off the ledger. The order of the keys is part of the format. Pure. */
export function reportCall(entry: LedgerEntry): CallReport {
  const { provider, id, call, settled, decisions, findings } = entry
  const { status, attempt } = call
  const standing = standingOf(provider, id, { status, attempt, settled, outcome: outcome(call) })
  return { ...standing, timeline: timelineOf(call), decisions, findings }
}
