import type { Decision } from 'callstate'
import { decisionText, earlierWordText, skippedText } from 'callstate/text'

/** What can be odd. `late` and `skipped` are findings only with `--strict`. */
export type FindingKind = 'conflicting' | 'unrecognized' | 'invalid' | 'late' | 'skipped'

/** One odd thing in a log, with the place where it was found. */
export interface Finding {
  readonly file: string
  /** Number of the line in its file, 1 for the first. */
  readonly line: number
  readonly kind: FindingKind
  /** A sentence for a person, without personal data. */
  readonly message: string
}

/** Whether a decision is odd, `--strict` or not. Pure. */
export function isOddDecision(kind: Decision['kind']): boolean {
  return kind === 'conflicting' || kind === 'unrecognized'
}

/** What a finding says, without its place. */
export type Said = Pick<Finding, 'kind' | 'message'>

/** What a decision has odd about it. Pure. */
export function findingsOf(decision: Decision, strict: boolean): readonly Said[] {
  switch (decision.kind) {
    case 'conflicting':
    case 'unrecognized':
      return [{ kind: decision.kind, message: decisionText(decision) }]
    case 'late':
      return strict ? [{ kind: 'late', message: decisionText(decision) }] : []
    case 'advanced':
    case 'retried':
      return strict && decision.skipped.length > 0
        ? [{ kind: 'skipped', message: skippedText(decision) }]
        : []
    case 'duplicate':
      return []
    default:
      return decision satisfies never
  }
}

/** An unrecognized word of an earlier attempt, which an event mentions beside its own status. Pure. */
export function earlierFinding(word: string): Said {
  return { kind: 'unrecognized', message: earlierWordText(word) }
}
