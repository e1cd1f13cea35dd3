/**
 * The statuses of a batch, in the order of its life. They are no statuses of a call: `completed` says
 * that all its calls have ended, however they did.
 *
 * Source: https://docs.dialgen.ai/guides/batch-calling/monitoring; `cancelled` is in the reply to the
 * request that cancels a batch. No message tells what became of the calls that waited in it: whoever
 * cancels a batch records them as `canceled`.
 */
export const DIALGEN_BATCH_STATUSES = [
  'ingesting',
  'scheduled',
  'pending',
  'processing',
  'completed',
  'cancelled',
] as const

/** One of the statuses of a batch. */
export type DialgenBatchStatus = (typeof DIALGEN_BATCH_STATUSES)[number]
