import type * as z from 'zod'
import { issuesFromZod } from '../issues.ts'
import type { ParseResult } from '../message.ts'
import { valueOrThrow } from '../value-or-throw.ts'
import { type DialgenFields, dialgenPayloadSchema, isMadeField, type MadeField } from './call.ts'
import { openMessage } from './message.ts'
import { type DialgenStatus, isDialgenStatus } from './status.ts'

export { type DialgenFields, dialgenPayloadSchema } from './call.ts'

type Flat<Type> = { [Key in keyof Type]: Type[Key] }

/** What every payload has beside the fields of the call. */
interface Said {
  /** The status word as it came. */
  word: string
  /** The message as it came, with every field that is not named. */
  raw: Readonly<Record<string, unknown>>
}

/**
 * A call as one of Dialgen's messages describes it. Duration, recording, summary, transcript and
 * metrics can be read only where `status` is `COMPLETED`: before that they are missing or still change.
 * A `status` of null means that the word in `word` is none of the five.
 *
 * @example
 * if (payload.status === 'COMPLETED') payload.duration // 180
 */
export type DialgenPayload<Fields extends DialgenFields = DialgenFields> =
  | Flat<Omit<Fields, 'status'> & Said & { status: 'COMPLETED' }>
  | Flat<
      Omit<Fields, MadeField | 'status'> &
        Said & { status: Exclude<DialgenStatus, 'COMPLETED'> | null }
    >

/**
 * Reads the whole of any of Dialgen's messages about a call: live status, persistent status, metrics,
 * both webhooks, the reply to a dial request, an element of a batch's calls. Pure; never throws.
 * `schema` is an extension of `dialgenPayloadSchema`, whose fields are then in the answer.
 *
 * It accepts what is really sent: numbers as text, `""` for null, times without a zone, fields left out
 * or unknown. It refuses a field of another kind, where the event (`dialgen.read`) still reads the
 * status: take the event first, the payload for its data.
 *
 * @example
 * const result = safeParseDialgenPayload(body)
 * if (result.ok && result.value.status === 'COMPLETED') result.value.recordingUrl
 */
export function safeParseDialgenPayload(body: unknown): ParseResult<DialgenPayload>
export function safeParseDialgenPayload<Fields extends DialgenFields>(
  body: unknown,
  schema: z.ZodType<Fields>,
): ParseResult<DialgenPayload<Fields>>
export function safeParseDialgenPayload(
  body: unknown,
  schema: z.ZodType<DialgenFields> = dialgenPayloadSchema,
): ParseResult<DialgenPayload> {
  const opened = openMessage(body)
  if (!opened.ok) return opened
  const { callId, word, message, call, envelope } = opened.value
  const input = { ...call, callId, status: word }
  const result = schema.safeParse(input)
  if (!result.success) {
    const under = envelope === null ? [] : [envelope]
    return { ok: false, issues: issuesFromZod(result.error, input, under) }
  }
  const payload = { ...result.data, word, raw: message }
  const status = isDialgenStatus(word) ? word : null
  if (status === 'COMPLETED') return { ok: true, value: { ...payload, status } }
  for (const name of Object.keys(payload)) {
    if (isMadeField(name)) Reflect.deleteProperty(payload, name)
  }
  return { ok: true, value: { ...payload, status } }
}

/**
 * `safeParseDialgenPayload` for those who would rather have an error: throws a `CallstateError` with
 * code `invalid-event` and the issues in its details.
 *
 * @example
 * parseDialgenPayload({ callId: 'call_123', status: 'MISSED' }).status // 'MISSED'
 */
export function parseDialgenPayload(body: unknown): DialgenPayload
export function parseDialgenPayload<Fields extends DialgenFields>(
  body: unknown,
  schema: z.ZodType<Fields>,
): DialgenPayload<Fields>
export function parseDialgenPayload(
  body: unknown,
  schema: z.ZodType<DialgenFields> = dialgenPayloadSchema,
): DialgenPayload {
  return valueOrThrow(safeParseDialgenPayload(body, schema))
}
