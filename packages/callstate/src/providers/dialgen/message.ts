import { hasFields, ID_EXPECTED, isStatusWord, readId, STATUS_EXPECTED } from '../fields.ts'
import { issue } from '../issues.ts'
import type { ParseIssue, ParseResult } from '../message.ts'

/** The fields of a Dialgen message or of its envelope; their kinds are not known yet. */
export interface DialgenMessage {
  readonly batchId?: unknown
  readonly callData?: unknown
  readonly callId?: unknown
  readonly data?: unknown
  readonly direction?: unknown
  readonly duration?: unknown
  readonly endTime?: unknown
  readonly endedAt?: unknown
  readonly error?: unknown
  readonly event?: unknown
  readonly hangupReason?: unknown
  readonly hangupStatus?: unknown
  readonly id?: unknown
  readonly message?: unknown
  readonly metricJson?: unknown
  readonly startTime?: unknown
  readonly status?: unknown
  readonly [field: string]: unknown
}

/** Whether a value is a JSON object, so that the fields above can be looked for. Pure. */
export const isDialgenMessage: (value: unknown) => value is DialgenMessage = hasFields

/** The call that a message is about, out of its envelope. */
export interface OpenedMessage {
  readonly callId: string
  /** Dialgen's status word as it came. */
  readonly word: string
  /** The whole message. */
  readonly message: DialgenMessage
  readonly call: DialgenMessage
  /** The field of the message that holds the call; null where the message is the call. */
  readonly envelope: Envelope | null
}

/** `callData` of the webhook and of the metrics reply, `data` of the persistent status. */
export type Envelope = 'callData' | 'data'

/**
 * Finds the call in any of Dialgen's messages: they differ in the envelope and in the name of the call's
 * identifier, `callId` without an envelope and `id` inside one or in a batch's list. A number is taken
 * as an identifier's text. Pure; never throws.
 */
export function openMessage(body: unknown): ParseResult<OpenedMessage> {
  if (!isDialgenMessage(body))
    return refuse(issue('', 'a JSON object', body, 'Pass the parsed body.'))
  const { call, envelope } = openEnvelope(body)
  const callId = readId(call.callId ?? call.id)
  const word = call.status
  if (callId !== null && isStatusWord(word)) {
    return { ok: true, value: { callId, word, message: body, call, envelope } }
  }
  return refuse(...identityIssues(call, callId, envelope))
}

/**
 * Whether a message has one of these shapes. Pure; never throws.
 *
 * Without an envelope a call has a `callId` and no `id`, which half the world has; its status is a word
 * in Dialgen's capitals or, so that the issues of `read` can name it, missing or no text at all. In
 * `callData` it has an `id` and such a status, and no status stands beside the envelope. In `data`,
 * which half the world has too, the word in capitals must be there.
 */
export function hasDialgenShape(body: unknown): boolean {
  if (!isDialgenMessage(body)) return false
  const { call, envelope } = openEnvelope(body)
  const isCapitals = typeof call.status === 'string' && /^[A-Z][A-Z_]*$/.test(call.status)
  const isWord = isStatusWord(call.status) && isCapitals
  if (envelope === null) {
    const isNamed = readId(call.callId) !== null && readId(call.id) === null
    return isNamed && (isWord || typeof call.status !== 'string')
  }
  if (readId(call.id) === null || body.status !== undefined) return false
  return isWord || (envelope === 'callData' && typeof call.status !== 'string')
}

function openEnvelope(message: DialgenMessage): Pick<OpenedMessage, 'call' | 'envelope'> {
  const { callData, callId, data } = message
  if (isDialgenMessage(callData)) return { call: callData, envelope: 'callData' }
  if (isDialgenMessage(data) && readId(callId) === null) return { call: data, envelope: 'data' }
  return { call: message, envelope: null }
}

function identityIssues(
  call: DialgenMessage,
  callId: string | null,
  envelope: Envelope | null,
): ParseIssue[] {
  const issues: ParseIssue[] = []
  const prefix = envelope === null ? '' : `${envelope}.`
  if (callId === null) {
    const name = envelope === null ? 'callId' : 'id'
    const isAboutBatch = envelope === null && call.batchId !== undefined
    const hint = isAboutBatch ? 'A message about a batch is no event of a call.' : undefined
    issues.push(issue(prefix + name, ID_EXPECTED, call.callId ?? call.id, hint))
  }
  if (!isStatusWord(call.status)) {
    issues.push(issue(`${prefix}status`, STATUS_EXPECTED, call.status))
  }
  return issues
}

function refuse(...issues: ParseIssue[]): { readonly ok: false; readonly issues: ParseIssue[] } {
  return { ok: false, issues }
}
