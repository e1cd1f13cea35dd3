/**
 * Dialgen's limits and defaults, each with its unit.
 *
 * Sources: https://docs.dialgen.ai/guides/call-management/call-status (live status),
 * https://docs.dialgen.ai/guides/batch-calling/configuration (attempts, delays) and
 * https://docs.dialgen.ai/guides/batch-calling/webhooks.
 */
export const DIALGEN_LIMITS = {
  /** After this many days the live status is gone, and the persistent status answers. */
  liveStatusDays: 30,
  /** Attempts of a batch's call. */
  minAttempts: 1,
  maxAttempts: 5,
  defaultAttempts: 3,
  defaultNoAnswerDelayMs: 3_600_000,
  defaultBusyDelayMs: 300_000,
  /** A webhook answered later than this may be delivered again. */
  webhookAnswerMs: 5_000,
  /** A delivery that is not answered by then has failed; the same page asks for 5 seconds. */
  webhookTimeoutMs: 30_000,
} as const
