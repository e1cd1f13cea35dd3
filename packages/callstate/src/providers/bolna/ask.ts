import { addressPart } from '../address-part.ts'
import type { Ask, AskList, ListPage, ListQuestion } from '../ask.ts'
import { BOLNA_API_LIMITS } from './limits.ts'
import { isBolnaPage } from './message.ts'

const { maxPageSize, maxRangeMs, otherRequestsPerMinute } = BOLNA_API_LIMITS

/**
 * An agent's executions, the latest first, in pages of the most rows that Bolna gives. Bolna takes `from`
 * and `to` together only, at most seven days apart; without them both are left out.
 */
const list: AskList = {
  maxRangeMs,
  scope: 'the agent_id whose executions are listed',
  request({ from, to, scope, cursor }) {
    const period: [string, string][] =
      from === null || to === null
        ? []
        : [
            ['from', new Date(from).toISOString()],
            ['to', new Date(to).toISOString()],
          ]
    const query = new URLSearchParams([
      ['page_number', String(pageAfter(cursor))],
      ['page_size', String(maxPageSize)],
      ...period,
    ])
    return { path: `/v2/agent/${addressPart(scope ?? '') ?? '-'}/executions?${query}` }
  },
  readPage,
}

/**
 * How Bolna is asked. A record by `GET /executions/{id}`; a 404 ("not found or expired") is an unknown
 * call. A fifth of the limit by default, since dialers and pages share it.
 */
export const bolnaAsk: Ask = {
  baseUrl: 'https://api.bolna.ai',
  auth: 'bearer',
  perMinute: otherRequestsPerMinute / 5,
  record({ callId }) {
    const id = addressPart(callId)
    return id === null ? [] : [{ path: `/executions/${id}` }]
  },
  list,
  sources: [
    'https://www.bolna.ai/docs/api-reference/executions',
    'https://www.bolna.ai/docs/api-reference/executions/get_executions',
    'https://www.bolna.ai/docs/api-reference/pagination',
    'https://www.bolna.ai/docs/api-reference/rate-limiting',
  ],
}

/** The cursor is the number of the page that it asks for. */
function pageAfter(cursor: string | null): number {
  const page = Number(cursor)
  return Number.isSafeInteger(page) && page >= 1 ? page : 1
}

function readPage(body: unknown, { cursor }: ListQuestion): ListPage | null {
  if (!isBolnaPage(body) || !Array.isArray(body.data)) return null
  // A page without rows is the last one, whatever stands beside it.
  const isLast = body.has_more !== true || body.data.length === 0
  return { items: body.data, next: isLast ? null : String(pageAfter(cursor) + 1) }
}
