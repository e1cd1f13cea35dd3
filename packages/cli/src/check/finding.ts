import { type Decision, parseStatus } from 'callstate'

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
      return [{ kind: 'conflicting', message: conflictMessage(decision) }]
    case 'unrecognized': {
      const message = `${shown(decision.raw)} is ${missing(decision.raw)}`
      return [{ kind: 'unrecognized', message }]
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

/** An unrecognized word of an earlier attempt, which an event mentions beside its own status. Pure. */
export function earlierFinding(raw: string): Said {
  const message = `${shown(raw)} of an earlier attempt is ${missing(raw)}`
  return { kind: 'unrecognized', message }
}

/** Only what looks like a status is repeated: other text may be anything, a phone number too. */
function shown(raw: string): string {
  return /^[A-Za-z][A-Za-z_-]{0,39}$/.test(raw) ? `the status "${raw}"` : 'a status (not shown)'
}

function missing(raw: string): string {
  return parseStatus(raw).status === null
    ? 'not one of the 16 statuses'
    : 'not a word of this provider'
}

function skipped({
  attempt,
  status,
  skipped,
}: Extract<Decision, { kind: 'advanced' | 'retried' }>): Said {
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
    default:
      return reason satisfies never
  }
}
