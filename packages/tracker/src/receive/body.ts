import type { Refusal } from './answer.ts'
import { beforeDeadline, type StartTimer } from './deadline.ts'

/** The longest body that is read, in bytes: many times the longest message of a call seen so far. */
export const MAX_BODY_BYTES = 1024 * 1024

/** How long a body may take to come, in milliseconds. */
export const BODY_TIMEOUT_MS = 10_000

/** How much of a body is read, and for how long. */
export interface BodyLimits {
  readonly maxBodyBytes: number
  readonly bodyTimeoutMs: number
  readonly startTimer: StartTimer
}

/** A body in full, or why it was not read to its end. */
export type BodyReading =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: Refusal }

/**
 * Why the body is not worth reading, by what its headers say of it; null where nothing speaks against
 * it. A missing content type is taken as JSON. Pure.
 */
export function refusalOfBody(headers: Headers, maxBodyBytes: number): Refusal | null {
  if (!isJsonType(headers.get('content-type') ?? '')) return 'content-type'
  const encoding = headers.get('content-encoding') ?? ''
  if (encoding !== '' && encoding.toLowerCase() !== 'identity') return 'content-encoding'
  return Number(headers.get('content-length')) > maxBodyBytes ? 'too-large' : null
}

/**
 * Reads a body to its end, but no further than its limits: what is longer, or not there in time, is
 * cancelled. Never rejects.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<BodyReading> {
  const stream = request.body
  if (request.bodyUsed || stream?.locked) return { ok: false, reason: 'body-already-read' }
  if (stream === null) return { ok: true, bytes: new Uint8Array() }

  const reader = stream.getReader()
  const late: BodyReading = { ok: false, reason: 'late-body' }
  const reading = await beforeDeadline(
    collect(reader, limits.maxBodyBytes),
    late,
    limits.bodyTimeoutMs,
    limits.startTimer,
  )
  // Not awaited: a stream may take as long as it likes to end.
  if (!reading.ok) reader.cancel().catch(() => {})
  return reading
}

async function collect(
  reader: ReadableStreamDefaultReader<unknown>,
  maxBytes: number,
): Promise<BodyReading> {
  // One buffer that grows: a million chunks of one byte each must not cost more than their bytes.
  let buffer = new Uint8Array()
  let length = 0
  let emptyChunks = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { ok: true, bytes: buffer.subarray(0, length) }
      if (!(value instanceof Uint8Array)) return { ok: false, reason: 'broken-body' }
      if (value.length === 0) emptyChunks++
      // Empty chunks without end would keep even the timer from its turn.
      if (length + value.length > maxBytes || emptyChunks > maxBytes) {
        return { ok: false, reason: 'too-large' }
      }
      buffer = withRoomFor(value.length, buffer, length)
      buffer.set(value, length)
      length += value.length
    }
  } catch {
    return { ok: false, reason: 'broken-body' }
  }
}

function withRoomFor(bytes: number, buffer: Uint8Array<ArrayBuffer>, length: number) {
  if (length + bytes <= buffer.length) return buffer
  const larger = new Uint8Array(Math.max(length + bytes, buffer.length * 2))
  larger.set(buffer.subarray(0, length))
  return larger
}

/** `application/json` and every `application/…+json`; in UTF-8, where they name a charset. */
function isJsonType(contentType: string): boolean {
  if (contentType === '') return true
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  if (!/^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json$/.test(type)) return false
  return parameters.every(
    (parameter) => !/^charset\s*=/.test(parameter) || /^charset="?utf-?8"?$/.test(parameter),
  )
}
