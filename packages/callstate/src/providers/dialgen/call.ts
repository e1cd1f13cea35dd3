import * as z from 'zod'
import {
  emptyAsNull,
  ID_EXPECTED,
  isStatusWord,
  MAX_ID_LENGTH,
  MAX_STATUS_LENGTH,
  readId,
  readSeconds,
  readText,
  STATUS_EXPECTED,
} from '../fields.ts'
import { parseTimestamp } from '../timestamp.ts'

/** Text; a number is taken as text, and `""`, null and a missing field are null. */
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform(readText)
  .pipe(z.string().nullable())

/** A time in milliseconds since 1970, without a zone as UTC; null where it is missing or unreadable. */
const time: z.ZodType<number | null, string | null | undefined> = z
  .any()
  .meta({ type: ['string', 'null'], description: 'An ISO 8601 time.' })
  .optional()
  .transform(parseTimestamp)
  .pipe(z.number().nullable())

/** What may be left out, null or `""`, each of which is null. */
const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .preprocess((value: z.input<Schema> | null) => emptyAsNull(value), schema.nullable())
    .default(null)

/** Seconds, also written as text; `""`, null and a missing field are null. */
const seconds: z.ZodType<number | null, number | string | null | undefined> = z
  .any()
  .meta({ type: ['number', 'string', 'null'], description: 'Seconds.' })
  .optional()
  .transform((value, context) => {
    const amount = readSeconds(value)
    if (amount === null && value !== undefined && value !== null && value !== '') {
      context.issues.push({ code: 'custom', message: 'seconds, 0 or more', input: value })
    }
    return amount
  })
  .pipe(z.number().nullable())

const id: z.ZodType<string, string | number> = z
  .any()
  .meta({
    anyOf: [
      { type: 'string', minLength: 1, maxLength: MAX_ID_LENGTH },
      { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    ],
  })
  .transform((value, context): string => {
    const found = readId(value)
    if (found !== null) return found
    context.issues.push({ code: 'custom', message: ID_EXPECTED, input: value })
    return z.NEVER
  })
  .pipe(z.string())

const word: z.ZodType<string, string> = z
  .any()
  .meta({ type: 'string', minLength: 1, maxLength: MAX_STATUS_LENGTH })
  .transform((value, context): string => {
    if (isStatusWord(value)) return value
    context.issues.push({ code: 'custom', message: STATUS_EXPECTED, input: value })
    return z.NEVER
  })
  .pipe(z.string())

/** What Dialgen makes of a call once it is completed. */
const madeFields = {
  duration: seconds,
  recordingUrl: text,
  summary: text,
  /** A list of turns in three of the documents, an object in a fourth: unread. */
  transcription: z.unknown().default(null),
  metricJson: orNull(z.record(z.string(), z.unknown())).describe(
    'Its callStatus (SUCCESS, RESCHEDULE, …) is what the conversation came to, not the status of the call.',
  ),
}

/** The names of the fields that are there once a call is completed. */
export type MadeField = keyof typeof madeFields

/** Whether a field is there once a call is completed. Pure. */
export const isMadeField = (name: string): name is MadeField => Object.hasOwn(madeFields, name)

/**
 * A call as any of Dialgen's messages describes it, out of its envelope (`callData`, `data` or none).
 * It takes what is really sent: numbers as text, `""` for null, times without a zone, fields left out.
 * What comes out has null for all of that, and times in milliseconds since 1970.
 *
 * A plain object: extend it by the metrics of your agents and hand it to `parseDialgenPayload`, or read
 * it as JSON Schema by `z.toJSONSchema(dialgenPayloadSchema, { io: 'input' })`.
 *
 * @example
 * const mine = dialgenPayloadSchema.extend({
 *   metricJson: z.object({ intent: z.string() }).nullable().default(null),
 * })
 * const payload = parseDialgenPayload(body, mine)
 * if (payload.status === 'COMPLETED') payload.metricJson?.intent // text
 */
export const dialgenPayloadSchema = z
  .object({
    callId: id.describe('Named id inside an envelope.'),
    status: word,
    event: text,
    contactId: text,
    batchId: text,
    agentId: text,
    agent: text.describe('The name of the agent.'),
    callSid: text,
    direction: text.describe('OUTBOUND or INBOUND.'),
    phoneNumber: text,
    contactName: text,
    contact: orNull(z.object({ name: text, phoneNumber: text })),
    startTime: time,
    endTime: time,
    endedAt: time,
    createdAt: time,
    error: text.describe('A code, such as BUSY, or a message.'),
    ...madeFields,
  })
  .describe("A call as Dialgen's messages describe it, out of its envelope.")

/** A call as one of Dialgen's messages describes it, its fields read. */
export type DialgenFields = z.output<typeof dialgenPayloadSchema>
