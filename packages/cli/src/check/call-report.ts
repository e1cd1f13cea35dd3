import type { Decision } from 'callstate'
import { type Standing, standingOf, type TimelineItem, timelineOf } from '../standing.ts'
import type { LedgerEntry } from './call-ledger.ts'
import { DECISION_KINDS, type Finding } from './finding.ts'
import { PROVIDER_NAMES } from './known-providers.ts'

export type DecisionCounts = Readonly<Record<Decision['kind'], number>>

/** What `check` says of one call, as `--format ndjson` and `--format json` print it. */
export interface CallReport extends Standing {
  readonly timeline: readonly TimelineItem[]
  readonly decisions: DecisionCounts
  readonly findings: readonly Finding[]
}

/** Reads a call off the ledger. The order of the keys is part of the format. Pure. */
export function reportCall({ provider, id, call, decisions, findings }: LedgerEntry): CallReport {
  return {
    ...standingOf(PROVIDER_NAMES[provider] as string, id, call),
    timeline: timelineOf(call),
    decisions: countsOf(decisions),
    findings,
  }
}

export function countsOf(decisions: readonly number[]): DecisionCounts {
  const counts: Partial<Record<Decision['kind'], number>> = {}
  for (const [index, kind] of DECISION_KINDS.entries()) counts[kind] = decisions[index] ?? 0
  return counts as DecisionCounts
}
