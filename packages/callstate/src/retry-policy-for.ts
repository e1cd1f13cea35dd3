import { attemptsOf } from './attempts.ts'
import type { Call, Sighting } from './call.ts'
import type { CallStatus } from './lifecycle.ts'
import { byRank } from './rank.ts'
import type { RetryPolicy } from './retry-policy.ts'

/** What a provider says of its retries; every `Provider` is one. */
export interface RetryingProvider {
  readonly habits: {
    readonly retryPolicy: RetryPolicy | null
    readonly neverRetried: readonly CallStatus[]
  }
}

/**
 * The policy to judge a call by: the one that came with the latest news of the call, else the one that
 * was given, else the habit of its provider; in each case without the ends that the provider never
 * retries. Undefined where there is none. Pure.
 *
 * @example
 * isSettled(call, retryPolicyFor(call, bolna))
 */
export function retryPolicyFor(
  call: Call,
  provider: RetryingProvider | undefined,
  given?: RetryPolicy,
): RetryPolicy | undefined {
  const policy = statedIn(call) ?? given ?? provider?.habits.retryPolicy ?? undefined
  const never = provider?.habits.neverRetried ?? []
  if (policy === undefined || !policy.retryOn.some((end) => never.includes(end))) return policy
  return { ...policy, retryOn: policy.retryOn.filter((end) => !never.includes(end)) }
}

/** The policy that the call's own messages bring: the latest, as `isSettled` takes it. */
export function statedIn(call: Call): RetryPolicy | undefined {
  const attempts = attemptsOf(call)
  for (let place = attempts.length - 1; place >= 0; place--) {
    const stated = attempts[place]?.seen.filter(({ details }) => details?.retryPolicy !== undefined)
    if (stated?.length) return stated.reduce(furthest).details?.retryPolicy
  }
  return undefined
}

const furthest = (a: Sighting, b: Sighting): Sighting => (byRank(a, b) > 0 ? a : b)
