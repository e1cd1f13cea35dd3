import type { Ask } from '../ask.ts'
import { DIALGEN_LIMITS } from './limits.ts'

const LIVE_STATUS_MS = DIALGEN_LIMITS.liveStatusDays * 24 * 60 * 60_000

/**
 * How Dialgen is asked: the live status for 30 days after the call was opened, and the persistent status
 * after that or where the live one is gone (404). Dialgen publishes no limit of requests.
 */
export const dialgenAsk: Ask = {
  baseUrl: 'https://sa.dialgen.ai',
  auth: 'bearer',
  perMinute: null,
  record({ callId, openedAt, now }) {
    const query = `callId=${encodeURIComponent(callId)}`
    const persistent = { path: `/api/v1/call/check-status?${query}` }
    const isLive = now - openedAt < LIVE_STATUS_MS
    return isLive ? [{ path: `/api/v1/status/call?${query}` }, persistent] : [persistent]
  },
  sources: ['https://docs.dialgen.ai/guides/call-management/call-status'],
}
