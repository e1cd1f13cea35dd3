import type { ParseIssue, WebhookAnswer } from 'callstate/providers'
import { DEFAULTS } from '../defaults.ts'
import type { IngestResult } from '../intake/ingest.ts'
import { type Refusal, type RefusalStatus, refusalOf } from './refusal.ts'

/** The HTTP statuses that a handler answers with by itself. */
export type WebhookStatus = 200 | RefusalStatus

/** What was done with a delivery that was taken in; a word of a closed list, for logs. */
export type Done = 'stored' | 'repeated' | 'skipped' | 'not-kept' | 'handshake'

/** What a handler answers, before it is written as a `Response`. */
export interface Answer {
  readonly status: number
  readonly reason: Refusal | Done
  readonly headers: Readonly<Record<string, string>>
  /** Null for an answer without a body. */
  readonly body: string | null
  /** The user's own answer, which goes back instead. */
  readonly response?: Response
}

/** The answer to a delivery that is refused; `methods` are those that the provider uses. Pure. */
export function refuse(
  reason: Refusal,
  { issues, methods = [] }: { issues?: readonly ParseIssue[]; methods?: readonly string[] } = {},
): Answer {
  const { status, error } = refusalOf(reason)
  const told = issues
    ?.slice(0, DEFAULTS.webhook.maxAnsweredIssues)
    .map(({ path, message }) => ({ path, message }))
  const body = JSON.stringify({ ok: false, error, ...(told && { issues: told }) })
  return { status, reason, headers: headersOf(status, methods), body }
}

/** The answer to a delivery that the tracker took in; `own` is what its provider wants back. Pure. */
export function answerOf(result: IngestResult, own: WebhookAnswer | null): Answer {
  if (!result.ok) return refuse('not-an-event', { issues: result.issues })
  const reason = doneOf(result)
  if (own !== null) return { ...ownAnswer(own), reason }
  const body = JSON.stringify({ ok: true, ...saidOf(result) })
  return { status: 200, reason, headers: JSON_TYPE, body }
}

/** The answer to a delivery that only asks whether somebody is there. Pure. */
export function handshakeOf(own: WebhookAnswer): Answer {
  return { ...ownAnswer(own), reason: 'handshake' }
}

/** Writes an answer. */
export function responseOf({ status, headers, body, response }: Answer): Response {
  return response ?? new Response(body, { status, headers: { ...headers } })
}

type TakenIn = Extract<IngestResult, { ok: true }>

function doneOf(result: TakenIn): Done {
  switch (result.type) {
    case 'skip':
      return 'skipped'
    case 'data':
      if (result.repeated) return 'repeated'
      return result.sequence === null ? 'not-kept' : 'stored'
    case 'events':
      return result.events.every(({ repeated }) => repeated) ? 'repeated' : 'stored'
    default:
      return result satisfies never
  }
}

/** What the body of an answer says of a delivery beside that it is well: nothing of the call. */
function saidOf(result: TakenIn): Readonly<Record<string, unknown>> {
  switch (result.type) {
    case 'skip':
      return { skipped: true }
    case 'data':
      return { decision: null, repeated: result.repeated }
    case 'events': {
      const { events, decision, repeated } = result
      const several = events.length > 1 ? { events: events.length } : {}
      return { decision: decision.kind, repeated, ...several }
    }
    default:
      return result satisfies never
  }
}

/** Statuses whose answer has no body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

function ownAnswer({ status, headers = {}, body }: WebhookAnswer): Omit<Answer, 'reason'> {
  return { status, headers, body: WITHOUT_BODY.has(status) ? null : (body ?? null) }
}

const JSON_TYPE = { 'content-type': 'application/json' }

function headersOf(status: RefusalStatus, methods: readonly string[]): Answer['headers'] {
  if (status === 405) return { ...JSON_TYPE, allow: methods.join(', ') }
  if (status === 503) return { ...JSON_TYPE, 'retry-after': String(DEFAULTS.webhook.retryAfterS) }
  return JSON_TYPE
}
