import type { Ask } from '../ask.ts'
import { BOLNA_API_LIMITS } from './limits.ts'

/**
 * How Bolna is asked. A record by `GET /executions/{id}`; a 404 ("not found or expired") is an unknown
 * call. A fifth of the limit by default, since dialers and pages share it.
 */
export const bolnaAsk: Ask = {
  baseUrl: 'https://api.bolna.ai',
  auth: 'bearer',
  perMinute: BOLNA_API_LIMITS.otherRequestsPerMinute / 5,
  record: ({ callId }) => [{ path: `/executions/${encodeURIComponent(callId)}` }],
  sources: [
    'https://www.bolna.ai/docs/api-reference/executions',
    'https://www.bolna.ai/docs/api-reference/rate-limiting',
  ],
}
