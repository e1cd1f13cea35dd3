import type { Decision } from '../decision.ts'
import { CALL_STATUSES, type CallStatus } from '../lifecycle.ts'
import { isTerminal, parseStatus } from '../status.ts'
import { looksLikeStatus } from './status-word.ts'

/** A decision that moved the call. */
type Movement = Extract<Decision, { kind: 'advanced' | 'retried' }>

/**
 * What a decision says, as a sentence for a person with its reason, without a capital and a full stop.
 * It holds no personal data: of words outside the table only those are repeated that look like a
 * status. Pure.
 *
 * @example
 * const { decision } = observe(replay([{ status: 'busy' }]).call, { status: 'completed' })
 * decisionText(decision) // 'attempt 1 has two ends: busy was known, completed came; the call is busy'
 */
export function decisionText(decision: Decision): string {
  const word = decision.kind === 'unrecognized' ? undefined : decision.unrecognized
  const beside = word === undefined ? '' : `; ${shown(word)} beside it is ${missing(word)}`
  return whatItDid(decision) + beside
}

/** That legal statuses on the way were not heard, as a sentence. Pure. */
export function skippedText({ attempt, status, skipped }: Movement): string {
  return `attempt ${attempt} came to ${status}, and ${skipped.join(', ')} had not been heard`
}

/** An unrecognized word of an earlier attempt, which an event mentions beside its own status. Pure. */
export function earlierWordText(word: string): string {
  return `${shown(word)} of an earlier attempt is ${missing(word)}`
}

function whatItDid(decision: Decision): string {
  switch (decision.kind) {
    case 'advanced': {
      const { from, status, skipped } = decision
      const moved =
        from === null ? `the call began with ${status}` : `moved from ${from} to ${status}`
      return moved + unheard(skipped)
    }
    case 'retried':
      return `attempt ${decision.attempt} began with ${decision.status}${unheard(decision.skipped)}`
    case 'duplicate':
      return decision.enriched
        ? `${decision.status} was known; it brought another time or newer details`
        : `${decision.status} was known`
    case 'late':
      return `${decision.status} came after attempt ${decision.attempt} had passed it`
    case 'conflicting':
      return conflictText(decision)
    case 'unrecognized':
      return `${shown(decision.word)} is ${missing(decision.word)}`
    default:
      return decision satisfies never
  }
}

function unheard(skipped: readonly CallStatus[]): string {
  return skipped.length === 0 ? '' : `; ${skipped.join(', ')} had not been heard`
}

function conflictText(decision: Extract<Decision, { kind: 'conflicting' }>): string {
  const { attempt, status, conflictsWith, counts, reason } = decision
  switch (reason) {
    case 'two-ends': {
      const ends = isTerminal(status)
        ? `attempt ${attempt} has two ends: ${conflictsWith} was known, ${status} came`
        : `attempt ${attempt} has two ends, and ${status} decides between them: ${conflictsWith} counted before`
      return `${ends}; the call is ${counts}`
    }
    case 'no-path':
      return `attempt ${attempt} cannot be ${status} and ${conflictsWith}: no legal path holds both; the call is ${counts}`
    case 'read-anew':
      return `${status} of attempt ${attempt} shows that what did not say its attempt belongs to another one: the call was ${conflictsWith} and is ${counts}`
    default:
      return reason satisfies never
  }
}

function shown(word: string): string {
  return looksLikeStatus(word) ? `the status "${word}"` : 'a status (not shown)'
}

function missing(word: string): string {
  return parseStatus(word).status === null
    ? `not one of the ${CALL_STATUSES.length} statuses`
    : 'not a word of this provider'
}
