import type { RetryPolicy } from 'callstate'

/** Policies with which a new one is compared: few calls of one block are placed with more. */
const COMPARED = 8

/** The different retry policies of a block of lines: most of its events have the same one. */
export class PolicyList {
  readonly policies: RetryPolicy[] = []

  /** The place of a policy in the list; -1 for none. */
  add(policy: RetryPolicy | undefined): number {
    if (policy === undefined) return -1
    const { policies } = this
    const oldest = Math.max(0, policies.length - COMPARED)
    for (let at = policies.length - 1; at >= oldest; at--) {
      if (isSame(policies[at] as RetryPolicy, policy)) return at
    }
    return policies.push(policy) - 1
  }
}

function isSame(a: RetryPolicy, b: RetryPolicy): boolean {
  return (
    a.maxAttempts === b.maxAttempts &&
    a.retryOnVoicemail === b.retryOnVoicemail &&
    hasSameItems(a.retryOn, b.retryOn) &&
    hasSameItems(a.delaysMs, b.delaysMs) &&
    a.delayMsAfter === b.delayMsAfter
  )
}

function hasSameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at])
}
