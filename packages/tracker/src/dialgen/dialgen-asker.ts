import { DIALGEN_LIMITS } from 'callstate/providers/dialgen'
import { addressPart, type HttpAskerOptions, httpAsk } from '../poller/ask-http.ts'
import type { Asker } from '../poller/asker.ts'

const DIALGEN_URL = 'https://sa.dialgen.ai'

const LIVE_STATUS_MS = DIALGEN_LIMITS.liveStatusDays * 24 * 60 * 60_000

/**
 * Asks Dialgen about a call: the live status for 30 days after the call was opened, and the persistent
 * status after that or where the live one is gone (404). Dialgen publishes no limit of requests; where
 * both are asked, that counts as one question. Throws a `TrackerError`: `invalid-option`.
 *
 * Source: https://docs.dialgen.ai/guides/call-management/call-status.
 *
 * @example
 * tracker.poll({ askers: [dialgenAsker({ apiKey })] })
 */
export function dialgenAsker(options: HttpAskerOptions): Asker {
  const ask = httpAsk({ ...options, baseUrl: options.baseUrl ?? DIALGEN_URL })
  return {
    provider: 'dialgen',
    ...(options.perMinute !== undefined && { perMinute: options.perMinute }),
    async ask(question) {
      const callId = addressPart(question.callId)
      if (question.now - question.openedAt < LIVE_STATUS_MS) {
        const live = await ask(`/api/v1/status/call?callId=${callId}`, question)
        if (live.kind !== 'unknown-call') return live
      }
      return ask(`/api/v1/call/check-status?callId=${callId}`, question)
    },
  }
}
