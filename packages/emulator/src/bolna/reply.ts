import type { Context } from 'hono'
import type * as z from 'zod'

/** The HTTP statuses with which Bolna refuses a request. */
export type RefusalStatus = 400 | 401 | 404 | 429 | 500

/** Why a request is refused. */
export interface Refusal {
  readonly status: RefusalStatus
  readonly message: string
}

/** The code in Bolna's example of an error, for a bad request. What other codes there are is not documented. */
const BAD_REQUEST_CODE = 1001

/**
 * An error as Bolna gives it: an internal code and a message. Codes other than that of a bad request
 * are our reading, the HTTP status. Source: https://www.bolna.ai/docs/api-reference/errors
 */
export function refuse(c: Context, { status, message }: Refusal): Response {
  return c.json({ error: status === 400 ? BAD_REQUEST_CODE : status, message }, status)
}

/** A value of the API, or why the request is refused. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal }

export const accepted = <Value>(value: Value): Checked<Value> => ({ ok: true, value })

export const refused = (status: RefusalStatus, message: string): Checked<never> => ({
  ok: false,
  refusal: { status, message },
})

/** Reads input from outside; names the first field that is wrong, and never its value. */
export function checkedBy<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): Checked<z.output<Schema>> {
  const read = schema.safeParse(input)
  if (read.success) return accepted(read.data)
  const [issue] = read.error.issues
  const field = issue?.path.join('.') ?? ''
  return refused(400, field === '' ? 'The request cannot be read' : `${field} ${issue?.message}`)
}
