import type { CallStatus, Decision } from 'callstate'
import { findingsOf } from '../check/finding.ts'

/** What a decision says, as a sentence for a person, with its reason. Pure. */
export function decisionText(decision: Decision): string {
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
    case 'conflicting':
    case 'unrecognized':
      return findingsOf(decision, true)
        .map(({ message }) => message)
        .join('; ')
    default:
      return decision satisfies never
  }
}

function unheard(skipped: readonly CallStatus[]): string {
  return skipped.length === 0 ? '' : `; ${skipped.join(', ')} had not been heard`
}
