import {
  type Call,
  type CallStatus,
  type Decision,
  isSettled,
  LIFECYCLE,
  type Outcome,
  outcome,
  type Phase,
  type StatusClass,
  type StatusGroup,
  timeline,
} from 'callstate'
import type { LedgerEntry } from './call-ledger.ts'
import { DECISION_KINDS, type Finding } from './finding.ts'
import { isoTime } from './iso-time.ts'
import { PROVIDER_NAMES } from './known-providers.ts'

export type DecisionCounts = Readonly<Record<Decision['kind'], number>>

/** What `check` says of one call, as `--format ndjson` and `--format json` print it. */
export interface CallReport {
  readonly provider: string
  readonly id: string
  readonly status: CallStatus | null
  readonly class: StatusClass | null
  readonly phase: Phase | null
  readonly group: StatusGroup | null
  readonly attempt: number
  readonly settled: boolean
  readonly outcome: Outcome
  readonly timeline: readonly {
    readonly attempt: number
    readonly status: CallStatus
    readonly occurredAt: string | null
  }[]
  readonly decisions: DecisionCounts
  readonly findings: readonly Finding[]
}

/** Reads a call off the ledger. The order of the keys is part of the format. Pure. */
export function reportCall({ provider, id, call, decisions, findings }: LedgerEntry): CallReport {
  const entry = call.status === null ? null : LIFECYCLE[call.status]
  return {
    provider: PROVIDER_NAMES[provider] as string,
    id,
    status: call.status,
    class: entry?.class ?? null,
    phase: entry?.phase ?? null,
    group: entry?.group ?? null,
    attempt: call.attempt,
    settled: isSettled(call),
    outcome: outcome(call),
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

function timelineOf(call: Call): CallReport['timeline'] {
  return timeline(call).map(({ attempt, status, occurredAt }) => ({
    attempt,
    status,
    occurredAt: occurredAt === null ? null : isoTime(occurredAt),
  }))
}
