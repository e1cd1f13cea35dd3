import { readBytes } from '../read-bytes.ts'
import { beforeDeadline, type StartTimer } from './deadline.ts'
import type { Refusal } from './refusal.ts'

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
 * Reads a body to its end, but no further than its limits: what is longer, or not there in time, is
 * cancelled. One that is empty although its length was announced has been read by somebody else. Never
 * rejects.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<BodyReading> {
  if (request.bodyUsed || request.body?.locked) return ALREADY_READ
  const reading = await readStream(request.body, limits)
  const isMissing =
    reading.ok && reading.bytes.length === 0 && Number(request.headers.get('content-length')) > 0
  return isMissing ? ALREADY_READ : reading
}

const ALREADY_READ: BodyReading = { ok: false, reason: 'body-already-read' }

async function readStream(stream: Request['body'], limits: BodyLimits): Promise<BodyReading> {
  if (stream === null) return { ok: true, bytes: new Uint8Array() }
  // What a framework has put in the place of the stream.
  if (typeof stream?.getReader !== 'function') return ALREADY_READ

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
  const reading = await readBytes(reader, maxBytes)
  if (reading.ok) return reading
  return { ok: false, reason: reading.reason === 'broken' ? 'broken-body' : reading.reason }
}
