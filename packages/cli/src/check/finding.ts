import type { CallEvent, CallStatus, Decision } from 'callstate'
import { decisionText, earlierWordText, skippedText } from 'callstate/text'

/** What can be odd. `read-anew`, `late` and `skipped` are findings only with `--strict`. */
export type FindingKind =
  | 'conflicting'
  | 'read-anew'
  | 'unrecognized'
  | 'invalid'
  | 'late'
  | 'skipped'

/** One odd thing in a log, with the place where it was found. */
export interface Finding {
  readonly file: string
  /** Number of the line in its file, 1 for the first. */
  readonly line: number
  readonly kind: FindingKind
  /** A sentence for a person, without personal data. */
  readonly message: string
  /** Where something contradicts what was known: the status that the call has after it. */
  readonly counts?: CallStatus
}

/** Whether a decision is odd, `--strict` or not. Pure. */
export function isOddDecision(kind: Decision['kind']): boolean {
  return kind === 'conflicting' || kind === 'unrecognized'
}

/** What a finding says, without its place. */
export type Said = Pick<Finding, 'kind' | 'message' | 'counts'>

/** What a decision has odd about it. Words that are no status are told of the call: see `wordFinding`. Pure. */
export function findingsOf(decision: Decision, strict: boolean): readonly Said[] {
  switch (decision.kind) {
    case 'conflicting': {
      const { reason, counts } = decision
      const message = decisionText(decision)
      if (reason !== 'read-anew') return [{ kind: 'conflicting', message, counts }]
      return strict ? [{ kind: 'read-anew', message, counts }] : []
    }
    case 'late':
      return strict ? [{ kind: 'late', message: decisionText(decision) }] : []
    case 'advanced':
    case 'retried':
      return strict && decision.skipped.length > 0
        ? [{ kind: 'skipped', message: skippedText(decision) }]
        : []
    case 'duplicate':
    case 'unrecognized':
      return []
    default:
      return decision satisfies never
  }
}

/**
 * A word that is no status, said of a call for the first time: by the event itself, or of an earlier
 * attempt beside the event's own status. Pure.
 */
export function wordFinding(word: string, event: Pick<CallEvent, 'status' | 'word'>): Said {
  const isOwn = event.status === null && event.word === word
  const message = isOwn
    ? decisionText({ kind: 'unrecognized', attempt: null, word })
    : earlierWordText(word)
  return { kind: 'unrecognized', message }
}
