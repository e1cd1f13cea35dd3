import * as z from 'zod'
import { parseTimestamp } from '../timestamp.ts'
import { hasFields, ID_EXPECTED, readId, readNumber } from './fields.ts'

// The kinds of field that a Bolna message has. What each expects is said in words for a person.

/**
 * An object that keeps the keys it does not list, in the value but not in the type: Bolna adds fields
 * without notice, and what is not listed cannot be read by a slip.
 */
export function openObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  return z.looseObject(shape)
}

/** An identifier as text. */
export const idSchema = read(readId, ID_EXPECTED)

/** A number, also one that came as text. */
export const numberSchema = read(readNumber, 'a number or numeric text')

/** A time in milliseconds since 1970; one without a zone is UTC. */
export const timeSchema = read(parseTimestamp, 'an ISO 8601 time')

/** A code as text; Bolna sends numbers, and `""` where there is none. */
export const codeSchema = z
  .union([z.number(), z.string()])
  .transform((code) => (code === '' ? null : String(code)))

export const textSchema = z.string()

export const booleanSchema = z.boolean()

/** An address, where `""` was seen in the place of null. */
export const addressSchema = z
  .string()
  .nullish()
  .transform((address) => (address === '' ? null : address))

/** Extracted data: an object, also one that came as JSON text. Text that is no JSON object is kept. */
export const extractionSchema = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .transform((data) => (typeof data === 'string' ? objectIn(data) : data))

/** A schema of one of our readers, which answer null for what they cannot read. */
function read<Value>(reader: (value: unknown) => Value | null, expected: string) {
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
