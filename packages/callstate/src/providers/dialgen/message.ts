import { issue } from '../issues.ts'
import type { ParseIssue, ParseResult } from '../provider.ts'

/** The fields of a JSON object, unread: those that are looked at here, and any others. */
export interface Fields {
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

/** The longest identifier and the longest status word that are read, in characters. */
export const MAX_ID_LENGTH = 256
export const MAX_STATUS_LENGTH = 128

const ID_EXPECTED = `text of 1 to ${MAX_ID_LENGTH} characters or a whole number`
const STATUS_EXPECTED = `a status word of 1 to ${MAX_STATUS_LENGTH} characters`

/** Some thirty years: what is more is no duration. */
const MAX_SECONDS = 1_000_000_000

/** The call that a message is about, out of its envelope. */
export interface OpenedMessage {
  readonly callId: string
  /** Dialgen's status word as it came. */
  readonly word: string
  /** The whole message. */
  readonly message: Fields
  readonly call: Fields
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
  if (!isFields(body)) return refuse(issue('', 'a JSON object', body, 'Pass the parsed body.'))
  const { call, envelope } = openEnvelope(body)
  const callId = idOf(call.callId ?? call.id)
  const word = call.status
  if (callId !== null && isStatusWord(word)) {
    return { ok: true, value: { callId, word, message: body, call, envelope } }
  }
  return refuse(...identityIssues(call, callId, envelope))
}

/**
 * Whether a message has one of these shapes and a status in Dialgen's capitals. An `id` without an
 * envelope is not enough: half the world has that. Pure; never throws.
 */
export function hasDialgenShape(body: unknown): boolean {
  if (!isFields(body)) return false
  const { call, envelope } = openEnvelope(body)
  const id = idOf(envelope === null ? call.callId : call.id)
  return id !== null && isStatusWord(call.status) && /^[A-Z][A-Z_]*$/.test(call.status)
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Text that says something, or a number as text; null for everything else. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  return Number.isFinite(value) ? String(value) : null
}

/** A number of seconds, also written as text; null for what is none, or absurdly long. */
export function secondsOf(value: unknown): number | null {
  const isNumeral = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)
  const number = isNumeral ? Number(value) : value
  // Adding zero turns -0 into 0.
  return typeof number === 'number' && number >= 0 && number <= MAX_SECONDS ? number + 0 : null
}

// A number beyond 2^53 was rounded when the JSON was parsed, and might name another call.
function idOf(value: unknown): string | null {
  if (typeof value === 'string') {
    return value !== '' && value.length <= MAX_ID_LENGTH ? value : null
  }
  return Number.isSafeInteger(value) ? String(value) : null
}

function isStatusWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_STATUS_LENGTH
}

function openEnvelope(message: Fields): Pick<OpenedMessage, 'call' | 'envelope'> {
  const { callData, callId, data } = message
  if (isFields(callData)) return { call: callData, envelope: 'callData' }
  if (isFields(data) && idOf(callId) === null) return { call: data, envelope: 'data' }
  return { call: message, envelope: null }
}

function identityIssues(
  call: Fields,
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
