import type { ParseIssue } from 'callstate/providers'
import type { IngestResult } from '../intake/ingest.ts'

/** How long a provider is asked to wait before it repeats a delivery, in seconds. */
export const RETRY_AFTER_S = 5

/** Issues that one answer holds at most. */
export const MAX_ANSWERED_ISSUES = 20

const SECRET = 'Expected the secret that both sides agreed on, in its header.'

/** Why a delivery is refused: the HTTP status, and the sentence that goes back. */
const REFUSALS = {
  method: { status: 405, error: 'Expected a POST request.' },
  'content-type': { status: 415, error: 'Expected application/json in UTF-8.' },
  'content-encoding': { status: 415, error: 'Expected a body without content encoding.' },
  'too-large': { status: 413, error: 'Expected a smaller body.' },
  // No connection was handed in, or what a trusted proxy reports of it is no address.
  'unknown-address': { status: 403, error: 'Deliveries from this address are not taken.' },
  'other-address': { status: 403, error: 'Deliveries from this address are not taken.' },
  // Nothing proves the origin, so a web page in a browser on this machine must not be one.
  browser: { status: 403, error: 'Deliveries from web pages are not taken.' },
  'missing-secret': { status: 401, error: SECRET },
  'wrong-secret': { status: 401, error: SECRET },
  'wrong-signature': { status: 401, error: 'Expected a signature over this body.' },
  // No 408: a provider may take any 4xx as final, and this is just what a repeat mends.
  'late-body': { status: 503, error: 'Expected the whole body sooner. Repeat it.' },
  'broken-body': { status: 503, error: 'Expected the whole body. Repeat it.' },
  'not-an-event': { status: 400, error: 'Expected an event of a call.' },
  // Our own mistake: another part of the service has read the body before the handler.
  'body-already-read': { status: 503, error: 'The delivery was not stored. Repeat it.' },
  slow: { status: 503, error: 'The delivery was not stored in time. Repeat it.' },
  failed: { status: 503, error: 'The delivery was not stored. Repeat it.' },
} as const

/** Why a delivery is refused; a word of a closed list, for logs. */
export type Refusal = keyof typeof REFUSALS

/** The HTTP statuses that a handler answers with. */
export type WebhookStatus = 200 | (typeof REFUSALS)[Refusal]['status']

/** What a handler answers, before it is written as a `Response`. */
export interface Answer {
  readonly status: WebhookStatus
  /** What happened, in a word for the log. */
  readonly reason: Refusal | 'stored' | 'repeated'
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

/** The answer to a delivery that is refused. Pure. */
export function refuse(reason: Refusal, issues?: readonly ParseIssue[]): Answer {
  const { status, error } = REFUSALS[reason]
  const told = issues?.slice(0, MAX_ANSWERED_ISSUES).map(({ path, message }) => ({ path, message }))
  const body = { ok: false, error, ...(told && { issues: told }) }
  return { status, reason, headers: headersOf(status), body }
}

/** The answer to a delivery that the tracker took in: stored, or no event of a call. Pure. */
export function answerOf(result: IngestResult): Answer {
  if (!result.ok) return refuse('not-an-event', result.issues)
  const { decision, repeated } = result
  const reason = repeated ? 'repeated' : 'stored'
  const body = { ok: true, decision: decision.kind, repeated }
  return { status: 200, reason, headers: headersOf(200), body }
}

/** Writes an answer. */
export function responseOf({ status, headers, body }: Answer): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...headers } })
}

const JSON_TYPE = { 'content-type': 'application/json' }

function headersOf(status: WebhookStatus): Answer['headers'] {
  if (status === 405) return { ...JSON_TYPE, allow: 'POST' }
  if (status === 503) return { ...JSON_TYPE, 'retry-after': String(RETRY_AFTER_S) }
  return JSON_TYPE
}
