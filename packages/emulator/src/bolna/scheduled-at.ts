import { BOLNA_SCHEDULING } from 'callstate/internal/providers/bolna'
import * as z from 'zod'
import { accepted, type Checked, refused } from './reply.ts'

/** How far ahead a batch may be scheduled, in milliseconds. Stated: 30 days. */
export const MAX_BATCH_LEAD_MS: number = 30 * 24 * 60 * 60_000

const isoTime = z.iso.datetime({ offset: true, local: true })
const ZONE = /[+-]\d{2}:\d{2}$/

/**
 * Reads a `scheduled_at`: the time in milliseconds since 1970, rounded up to the next mark of ten
 * minutes. As Bolna does, answers 500 to a `Z` at the end, and 400 to what is no time or less than two
 * minutes ahead. A time without a zone is read as UTC (our reading). Pure.
 *
 * Source: https://www.bolna.ai/docs/api-reference/errors
 */
export function readScheduledAt(text: string, now: number, maxLeadMs?: number): Checked<number> {
  if (/z$/i.test(text)) return refused(500, 'Internal server error')
  if (!isoTime.safeParse(text).success) return refused(400, 'scheduled_at is no ISO 8601 time')
  const time = Date.parse(ZONE.test(text) ? text : `${text}Z`)
  if (time - now < BOLNA_SCHEDULING.minLeadMs) {
    return refused(400, 'Scheduled time should be atleast 2 minutes in the future')
  }
  if (maxLeadMs !== undefined && time - now > maxLeadMs) {
    return refused(400, 'Scheduled time should be at most 30 days in the future')
  }
  const { roundedUpToMs } = BOLNA_SCHEDULING
  return accepted(Math.ceil(time / roundedUpToMs) * roundedUpToMs)
}
