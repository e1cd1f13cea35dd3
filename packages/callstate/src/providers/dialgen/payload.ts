import * as z from 'zod'
import { CallstateError } from '../../error.ts'
import { emptyAsNull, readSeconds, readText } from '../fields.ts'
import { issuesFromZod } from '../issues.ts'
import type { ParseResult } from '../message.ts'
import { parseTimestamp } from '../timestamp.ts'
import { openMessage } from './message.ts'
import { type DialgenStatus, isDialgenStatus } from './status.ts'

/** Text; a number is taken as text, and `""`, null and a missing field are null. */
const text = z.union([z.string(), z.number()]).nullish().transform(readText)

/** A time in milliseconds since 1970, without a zone as UTC; null where it is missing or unreadable. */
const time = z.unknown().optional().transform(parseTimestamp)

/** What may be left out, null or `""`, each of which is null. */
const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .preprocess(emptyAsNull, schema.nullish())
    .optional()
    .transform((value) => value ?? null)

/** Seconds, also written as text; `""`, null and a missing field are null. */
const seconds = z
  .unknown()
  .optional()
  .transform((value, context) => {
    const amount = readSeconds(value)
    if (amount === null && value !== undefined && value !== null && value !== '') {
      context.issues.push({ code: 'custom', message: 'seconds, 0 or more', input: value })
    }
    return amount
  })

/** What Dialgen's messages say of a call whatever its status; each names some of these. */
const said = {
  callId: z.string(),
  /** The status word as it came. */
  word: z.string(),
  event: text,
  contactId: text,
  batchId: text,
  agentId: text,
  /** The name of the agent, in the persistent status. */
  agent: text,
  callSid: text,
  /** `OUTBOUND` or `INBOUND`. */
  direction: text,
  phoneNumber: text,
  contactName: text,
  /** The contact, in the persistent status. */
  contact: orNull(z.object({ name: text, phoneNumber: text })),
  startTime: time,
  endTime: time,
  endedAt: time,
  createdAt: time,
  /** A code of `DIALGEN_ERRORS`, another code, or a message. */
  error: text,
}

/** What Dialgen makes of a call once it is completed. */
const made = {
  /** Seconds. */
  duration: seconds,
  recordingUrl: text,
  summary: text,
  /** A list of turns in three of the documents, an object in a fourth: unread. */
  transcription: z
    .unknown()
    .optional()
    .transform((value): unknown => value ?? null),
  /**
   * The metrics, unread. Its `callStatus` (`SUCCESS`, `HUMAN_ESCALATION`, `RESCHEDULE`, …) is what
   * the conversation came to, not the status of the call.
   */
  metricJson: orNull(z.record(z.string(), z.unknown())),
}

const OTHER_STATUSES = [
  'SCHEDULED',
  'ONGOING',
  'MISSED',
  'FAILED',
] as const satisfies readonly Exclude<DialgenStatus, 'COMPLETED'>[]

/** A call as any of Dialgen's messages describes it, out of its envelope and its status told apart. */
const callSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('COMPLETED'), ...said, ...made }),
  z.object({ status: z.literal(OTHER_STATUSES), ...said }),
  // A status word that is none of the five; it stands in `word`.
  z.object({ status: z.null(), ...said }),
])

/**
 * A call as one of Dialgen's messages describes it. Duration, recording, summary, transcript and
 * metrics can be read only where `status` is `COMPLETED`: before that they are missing or still change.
 * A `status` of null means that the word in `word` is none of the five. `raw` is the message as it
 * came, with every field that is not named here.
 *
 * @example
 * if (payload.status === 'COMPLETED') payload.duration // 180
 */
export type DialgenPayload = z.infer<typeof callSchema> & {
  readonly raw: Readonly<Record<string, unknown>>
}

/**
 * Reads the whole of any of Dialgen's messages about a call: live status, persistent status, metrics,
 * both webhooks, the reply to a dial request, an element of a batch's calls. Pure; never throws.
 *
 * It accepts what is really sent: numbers as text, `""` for null, times without a zone, fields left out
 * or unknown. It refuses a field of another kind, where the event (`dialgen.parse`) still reads the
 * status: take the event first, the payload for its data.
 *
 * @example
 * const result = parseDialgenPayload(body)
 * if (result.ok && result.value.status === 'COMPLETED') result.value.recordingUrl
 */
export function parseDialgenPayload(body: unknown): ParseResult<DialgenPayload> {
  const opened = openMessage(body)
  if (!opened.ok) return opened
  const { callId, word, message, call, envelope } = opened.value
  const status = isDialgenStatus(word) ? word : null
  const input = { ...call, callId, word, status }
  const result = callSchema.safeParse(input)
  if (!result.success) {
    const under = envelope === null ? [] : [envelope]
    return { ok: false, issues: issuesFromZod(result.error, input, under) }
  }
  return { ok: true, value: { ...result.data, raw: message } }
}

/** `parseDialgenPayload` as a zod schema, for use inside schemas of your own. */
export const dialgenPayloadSchema = z.unknown().transform((body, context): DialgenPayload => {
  const result = parseDialgenPayload(body)
  if (result.ok) return result.value
  for (const { path, message } of result.issues) {
    context.issues.push({ code: 'custom', message, path: [...path], input: body })
  }
  return z.NEVER
})

/** `parseDialgenPayload` that throws a `CallstateError` with code `invalid-event` and the issues. */
export function assertDialgenPayload(body: unknown): DialgenPayload {
  const result = parseDialgenPayload(body)
  if (result.ok) return result.value
  const message = result.issues.map((found) => found.message).join(' ')
  throw new CallstateError('invalid-event', message, { issues: result.issues })
}
