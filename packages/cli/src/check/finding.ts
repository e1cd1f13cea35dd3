import type { Decision } from 'callstate'

/** The kinds of decision, in the order in which they are printed. */
export const DECISION_KINDS = [
  'advanced',
  'retried',
  'late',
  'duplicate',
  'conflicting',
  'unrecognized',
] as const satisfies readonly Decision['kind'][]

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

/** What a decision has odd about it. `word` is what may be shown of an unrecognized status. Pure. */
export function findingsOf(
  decision: Decision,
  word: string,
  strict: boolean,
): readonly Pick<Finding, 'kind' | 'message'>[] {
  switch (decision.kind) {
    case 'conflicting':
      return [{ kind: 'conflicting', message: conflictMessage(decision) }]
    case 'unrecognized': {
      const shown = word === '' ? 'a status (not shown)' : `the status "${word}"`
      return [{ kind: 'unrecognized', message: `${shown} is not one of the 16 statuses` }]
    }
    case 'late': {
      const { status, attempt } = decision
      const message = `${status} came after attempt ${attempt} had passed it`
      return strict ? [{ kind: 'late', message }] : []
    }
    case 'advanced':
    case 'retried':
      return strict && decision.skipped.length > 0 ? [skipped(decision)] : []
    case 'duplicate':
      return []
    default:
      return decision satisfies never
  }
}

function skipped({
  attempt,
  status,
  skipped,
}: Extract<Decision, { kind: 'advanced' | 'retried' }>): Pick<Finding, 'kind' | 'message'> {
  const message = `attempt ${attempt} came to ${status}, and ${skipped.join(', ')} had not been heard`
  return { kind: 'skipped', message }
}

function conflictMessage(decision: Extract<Decision, { kind: 'conflicting' }>): string {
  const { attempt, status, with: other, reason } = decision
  switch (reason) {
    case 'two-ends':
      return `attempt ${attempt} has two ends: ${other} was known, ${status} came`
    case 'no-path':
      return `attempt ${attempt} cannot be ${status} and ${other}: no legal path holds both`
    case 'final-end-retried':
      return `${other} is never retried, yet ${status} of attempt ${attempt} says that it was`
    default:
      return reason satisfies never
  }
}
