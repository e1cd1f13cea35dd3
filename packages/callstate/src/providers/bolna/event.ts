import type { EarlierStatus, EventDetails } from '../../call.ts'
import { isCallStatus, parseStatus } from '../../status.ts'
import { ID_EXPECTED, isStatusWord, readId, readNumber, STATUS_EXPECTED } from '../fields.ts'
import { issue } from '../issues.ts'
import type { MessageKind, ParseIssue, ParseResult, ProviderEvent } from '../message.ts'
import { parseTimestamp } from '../timestamp.ts'
import { readDetails, readEarlier } from './details.ts'
import { type BolnaMessage, isBolnaMessage } from './message.ts'

/** An event made of a Bolna message. */
export interface BolnaEvent extends ProviderEvent {
  readonly provider: 'bolna'
  readonly attempt: number | null
  readonly occurredAt: number | null
}

/**
 * Reads a message of Bolna's into an event: a webhook, the record of `GET /executions/{id}`, a row of
 * a list, the reply to `POST /call` or to `POST /call/{id}/stop`. Pure; never throws.
 *
 * No more than an identifier and a status word are demanded, so that no change of a status is lost over
 * a field that does not matter to it. What else cannot be read is left unsaid:
 * - `attempt`: `retry_count` + 1; the reply to `POST /call` opens the first attempt; else null.
 * - `occurredAt`: `updated_at`, read as UTC where it names no zone; null where it is missing or
 *   unreadable. `created_at` is not the time of the status and is never taken for it.
 * - `status`: one of the 16, or null for a word that is none. `word` is the word as it came; another
 *   known spelling is kept in `details.word` too.
 * - `earlier`: the ends of earlier attempts, from `retry_history`.
 *
 * `kind` says what kind of message it is where the caller knows. Left out, the shape tells it: an
 * `execution_id` and no `id` make a reply, a `created_at` and no `updated_at` a row of a list; a
 * webhook and a full record have one shape and are taken for a webhook.
 *
 * @example
 * const parsed = parseBolnaEvent({ id: '4b3c…', status: 'ringing', retry_count: 1 })
 * if (parsed.ok) parsed.value.attempt // 2
 */
export function parseBolnaEvent(body: unknown, given?: MessageKind): ParseResult<BolnaEvent> {
  if (!isBolnaMessage(body)) return { ok: false, issues: [issue('', 'an object', body)] }
  const callId = readId(body.id ?? body.execution_id)
  const { status: word } = body
  if (callId === null || !isStatusWord(word)) return { ok: false, issues: issuesOf(body, callId) }

  const status = isCallStatus(word) ? word : parseStatus(word).status
  const kind = given ?? kindOf(body)
  const occurredAt = parseTimestamp(body.updated_at)
  const event: Draft = {
    provider: 'bolna',
    kind,
    callId,
    status,
    word,
    attempt: attemptOf(body.retry_count, kind),
    occurredAt,
  }
  const details = readDetails(body, word, status, occurredAt)
  if (details !== undefined) event.details = details
  const earlier = readEarlier(body.retry_history)
  if (earlier !== undefined) event.earlier = earlier
  return { ok: true, value: event }
}

/** Fields of a record that Bolna names so; a webhook has most of them. */
const OWN_FIELDS = [
  'agent_id',
  'conversation_duration',
  'conversation_time',
  'created_at',
  'retry_count',
  'telephony_data',
  'updated_at',
]

/**
 * Whether a message looks like one of Bolna's, by its shape alone. Pure; never throws.
 *
 * A record has an `id` and a status: a word in Bolna's lower case, or anything else that the issues of
 * `read` can name, beside a readable `id`. A status in capitals is another provider's, unless a field
 * stands beside it that Bolna names so. A reply has an `execution_id` and a word in lower case.
 *
 * @example
 * recognizesBolna({ id: '4b3c…', status: 'ringing' }) // true
 * recognizesBolna({ id: 'call_9', status: 'COMPLETED' }) // false
 */
export function recognizesBolna(body: unknown): boolean {
  if (!isBolnaMessage(body)) return false
  const { id = null, execution_id, status } = body
  const isCapitals = typeof status === 'string' && /^[A-Z][A-Z_ ]*$/.test(status)
  if (id === null) return readId(execution_id) !== null && isStatusWord(status) && !isCapitals
  if (readId(id) === null || status === undefined) return false
  return !isCapitals || OWN_FIELDS.some((field) => body[field] !== undefined)
}

interface Draft extends BolnaEvent {
  details?: EventDetails
  earlier?: readonly EarlierStatus[]
}

function issuesOf(body: BolnaMessage, callId: string | null): readonly ParseIssue[] {
  const issues: ParseIssue[] = []
  if (callId === null) {
    const path = body.id === undefined && body.execution_id !== undefined ? 'execution_id' : 'id'
    const hint = 'Without it no call can be named: pass the body as Bolna sent it.'
    issues.push(issue(path, ID_EXPECTED, body[path], hint))
  }
  if (!isStatusWord(body.status)) {
    const hint = 'A message without one says nothing about a call: pass the body as Bolna sent it.'
    issues.push(issue('status', STATUS_EXPECTED, body.status, hint))
  }
  return issues
}

function kindOf(body: BolnaMessage): MessageKind {
  if (body.id === undefined || body.id === null) {
    if (body.status === 'queued') return 'call-reply'
    if (body.status === 'stopped') return 'stop-reply'
  }
  return body.updated_at === undefined && body.created_at !== undefined ? 'list-item' : 'webhook'
}

function attemptOf(retryCount: unknown, kind: MessageKind): number | null {
  const retries = readNumber(retryCount)
  if (retries !== null && retries >= 0 && Number.isSafeInteger(retries + 1)) return retries + 1
  return kind === 'call-reply' ? 1 : null
}
