/**
 * What may become of a call. With a retry policy every attempt has its own, unless a rule of the
 * scenario fixes it. `scheduled_at`, calling hours and an empty wallet have their effect whatever the
 * fate; an inbound call is placed by the person, and its fate is one of `INBOUND_FATES`.
 *
 * @example
 * for (const fate of FATES) emulator.at('bolna').place({ metadata: { [DEFAULTS.fateField]: fate } })
 */
export const FATES = [
  /** A conversation. */
  'answered',
  /** A machine answered. */
  'voicemail',
  /** The person rejected the call, and it ends as completed with no conversation. */
  'rejected',
  'busy',
  'no-answer',
  'failed',
  'canceled',
  /** The telephony provider did not respond. */
  'stopped',
  'error',
  'balance-low',
  /** Put off to the next full hour, then a conversation. */
  'rescheduled',
  /** Not reached until one of the further attempts that the policy allows; without a policy not at all. */
  'retried',
  /** A conversation whose completion comes many minutes after the line went down. */
  'late-completed',
] as const

/** One of the things that may become of a call. */
export type Fate = (typeof FATES)[number]

/** What may become of a call that the person placed. */
export const INBOUND_FATES = [
  'answered',
  'late-completed',
  'error',
] as const satisfies readonly Fate[]

/** Whether a word is a fate. Pure. */
export function isFate(word: unknown): word is Fate {
  return FATES.some((fate) => fate === word)
}
