import * as z from 'zod'
import {
  emptyAsNull,
  hasFields,
  ID_EXPECTED,
  isStatusWord,
  MAX_ID_LENGTH,
  MAX_STATUS_LENGTH,
  readBoolean,
  readId,
  readNumber,
  STATUS_EXPECTED,
} from '../fields.ts'
import { parseTimestamp } from '../timestamp.ts'

// The kinds of field that a Bolna message has. What each expects is said twice: in words for a person,
// who reads them in an issue, and as JSON Schema, which zod cannot derive from a function.

/**
 * An object that keeps the keys it does not list, in the value but not in the type: Bolna adds fields
 * without notice, and what is not listed cannot be read by a slip.
 */
export function openObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  return z.looseObject(shape)
}

/**
 * A field that may be left out, null, or `""`, which Bolna sends in the place of null. `about` is its
 * description in JSON Schema.
 */
export function optionalField<Schema extends z.ZodType>(schema: Schema, about?: string) {
  const said = (value: z.input<Schema> | null | undefined): unknown => emptyAsNull(value)
  const field = z.preprocess(said, schema.nullish()).optional()
  return about === undefined ? field : field.describe(about)
}

/** What JSON Schema says of a field whose value a function reads. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * A schema made of a reader, which answers null for what it cannot read. `Input` is what comes, as far
 * as it can be read.
 */
export function readWith<Value, Input>(
  read: (value: unknown) => Value | null,
  {
    expected,
    json,
    output,
  }: { expected: string; json: JsonSchema; output: z.ZodType<Value, Awaited<Value>> },
): z.ZodType<Value, Input> {
  return z
    .any()
    .meta(json)
    .transform((value, context): Value => {
      const found = read(value)
      if (found !== null) return found
      context.addIssue({ code: 'custom', message: expected })
      return z.NEVER
    })
    .pipe(output)
}

const WHOLE_NUMBER = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const
const NUMERIC_TEXT = { type: 'string', pattern: '^-?\\d{1,15}(\\.\\d{1,15})?$' } as const

/** An identifier as text. */
export const idSchema = readWith<string, string | number>(readId, {
  expected: ID_EXPECTED,
  json: { anyOf: [{ type: 'string', minLength: 1, maxLength: MAX_ID_LENGTH }, WHOLE_NUMBER] },
  output: z.string(),
})

/** A status word, known or not. */
export const wordSchema = readWith<string, string>(
  (value) => (isStatusWord(value) ? value : null),
  {
    expected: STATUS_EXPECTED,
    json: { type: 'string', minLength: 1, maxLength: MAX_STATUS_LENGTH },
    output: z.string(),
  },
)

/** A number, also one that came as text. */
export const numberSchema = readWith<number, number | string>(readNumber, {
  expected: 'a number or numeric text',
  json: { anyOf: [{ type: 'number' }, NUMERIC_TEXT] },
  output: z.number(),
})

/** A time in milliseconds since 1970; one without a zone is UTC. */
export const timeSchema = readWith<number, string>(parseTimestamp, {
  expected: 'an ISO 8601 time',
  json: {
    type: 'string',
    pattern:
      '^\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d(:?\\d\\d)?)?$',
  },
  output: z.number(),
})

/** A code as text; Bolna sends numbers. */
export const codeSchema = z.union([z.number(), z.string()]).transform(String).pipe(z.string())

export const textSchema = z.string()

/** True or false, also one that came as text. */
export const booleanSchema = readWith<boolean, boolean | 'true' | 'false'>(readBoolean, {
  expected: 'true or false',
  json: { enum: [true, false, 'true', 'false'] },
  output: z.boolean(),
})

const fieldsSchema = z.record(z.string(), z.unknown())

/** Extracted data: an object, also one that came as JSON text. Text that is no JSON object is kept. */
export const extractionSchema = z
  .union([z.string(), fieldsSchema])
  .transform((data) => (typeof data === 'string' ? objectIn(data) : data))
  .pipe(z.union([z.string(), fieldsSchema]))

function objectIn(text: string): Record<string, unknown> | string {
  try {
    const parsed: unknown = JSON.parse(text)
    return hasFields(parsed) ? parsed : text
  } catch {
    return text
  }
}
