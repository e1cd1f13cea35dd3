import { BOLNA_API_LIMITS } from 'callstate/providers/bolna'
import { addressPart, type HttpAskerOptions, httpAsk } from '../poller/ask-http.ts'
import type { Asker } from '../poller/asker.ts'

const BOLNA_URL = 'https://api.bolna.ai'

/**
 * Questions a minute to Bolna by default: a fifth of what it allows for executions, since dialers and
 * pages share the limit.
 */
export const BOLNA_PER_MINUTE: number = BOLNA_API_LIMITS.otherRequestsPerMinute / 5

/**
 * Asks Bolna about a call: `GET /executions/{id}`. A 404 ("not found or expired") is an unknown call.
 * Bolna documents no `Retry-After`; one that comes is heeded. Throws a `TrackerError`: `invalid-option`.
 *
 * Source: https://www.bolna.ai/docs/api-reference/executions and `rate-limiting` beside it.
 *
 * @example
 * tracker.poll({ askers: [bolnaAsker({ apiKey })] })
 */
export function bolnaAsker(options: HttpAskerOptions): Asker {
  const ask = httpAsk({ ...options, baseUrl: options.baseUrl ?? BOLNA_URL })
  return {
    provider: 'bolna',
    perMinute: options.perMinute ?? BOLNA_PER_MINUTE,
    ask: async (question) => ask(`/executions/${addressPart(question.callId)}`, question),
  }
}
