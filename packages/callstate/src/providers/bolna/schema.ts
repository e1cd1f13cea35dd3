import * as z from 'zod'
import { emptyAsNull, hasFields, ID_EXPECTED, readBoolean, readId, readNumber } from '../fields.ts'
import { parseTimestamp } from '../timestamp.ts'

// The kinds of field that a Bolna message has. What each expects is said in words for a person.

/**
 * An object that keeps the keys it does not list, in the value but not in the type: Bolna adds fields
 * without notice, and what is not listed cannot be read by a slip.
 */
export function openObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  return z.looseObject(shape)
}

/** A field that may be left out, null, or `""`, which Bolna sends in the place of null. */
export function optionalField<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(emptyAsNull, schema.nullish()).optional()
}

/** An identifier as text. */
export const idSchema = readWith(readId, ID_EXPECTED)

/** A number, also one that came as text. */
export const numberSchema = readWith(readNumber, 'a number or numeric text')

/** A time in milliseconds since 1970; one without a zone is UTC. */
export const timeSchema = readWith(parseTimestamp, 'an ISO 8601 time')

/** A code as text; Bolna sends numbers. */
export const codeSchema = z.union([z.number(), z.string()]).transform(String)

export const textSchema = z.string()

/** True or false, also one that came as text. */
export const booleanSchema = readWith(readBoolean, 'true or false')

/** Extracted data: an object, also one that came as JSON text. Text that is no JSON object is kept. */
export const extractionSchema = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .transform((data) => (typeof data === 'string' ? objectIn(data) : data))

/** A schema made of a reader, which answers null for what it cannot read. */
export function readWith<Value>(reader: (value: unknown) => Value | null, expected: string) {
  return z.unknown().transform((value, context): Value => {
    const found = reader(value)
    if (found !== null) return found
    context.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })
}

function objectIn(text: string): Record<string, unknown> | string {
  try {
    const parsed: unknown = JSON.parse(text)
    return hasFields(parsed) ? parsed : text
  } catch {
    return text
  }
}
