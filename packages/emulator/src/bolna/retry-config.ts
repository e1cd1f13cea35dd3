import { BOLNA_RETRYABLE_STATUSES } from 'callstate/internal/providers/bolna'
import * as z from 'zod'

const DAY_MINUTES = 24 * 60

/** `retry_config` as a request may have it. Source: Bolna's auto-retry page; that an interval is at most a day is our reading. */
export const retryConfigSchema = z.object({
  enabled: z.boolean().exactOptional(),
  max_retries: z.int().min(1).max(3).exactOptional(),
  retry_on_statuses: z.array(z.enum(BOLNA_RETRYABLE_STATUSES)).exactOptional(),
  retry_on_voicemail: z.boolean().exactOptional(),
  retry_intervals_minutes: z.array(z.int().min(0).max(DAY_MINUTES)).exactOptional(),
})

/** When Bolna is to try again by itself. */
export type RetryConfig = z.output<typeof retryConfigSchema>
