import { addressPart } from '../address-part.ts'
import type { Ask, AskList, ListPage } from '../ask.ts'
import { DIALGEN_LIMITS } from './limits.ts'
import { isDialgenMessage } from './message.ts'

const LIVE_STATUS_MS = DIALGEN_LIMITS.liveStatusDays * 24 * 60 * 60_000

/** The calls of a batch, all of them at once: no document tells of pages, or of a list of single calls. */
const list: AskList = {
  maxRangeMs: null,
  scope: 'the batchId whose calls are listed',
  request: ({ scope }) => ({
    path: `/api/v1/status/batch?batchId=${addressPart(scope ?? '') ?? ''}`,
  }),
  readPage,
}

/**
 * How Dialgen is asked: the live status for 30 days after the call was opened, and the persistent status
 * after that or where the live one is gone (404). Dialgen publishes no limit of requests.
 */
export const dialgenAsk: Ask = {
  baseUrl: 'https://sa.dialgen.ai',
  auth: 'bearer',
  perMinute: null,
  record({ callId, openedAt, now }) {
    const id = addressPart(callId)
    if (id === null) return []
    const persistent = { path: `/api/v1/call/check-status?callId=${id}` }
    const isLive = now - openedAt < LIVE_STATUS_MS
    return isLive ? [{ path: `/api/v1/status/call?callId=${id}` }, persistent] : [persistent]
  },
  list,
  sources: [
    'https://docs.dialgen.ai/guides/call-management/call-status',
    'https://docs.dialgen.ai/guides/batch-calling/monitoring',
  ],
}

function readPage(body: unknown): ListPage | null {
  return isDialgenMessage(body) && Array.isArray(body['calls'])
    ? { items: body['calls'], next: null }
    : null
}
