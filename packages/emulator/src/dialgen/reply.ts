import type { Context } from 'hono'
import * as z from 'zod'

/** Why a request is refused. */
export interface Refusal {
  readonly status: 400 | 401 | 402 | 403 | 404 | 409 | 429
  readonly body: Readonly<Record<string, unknown>>
}

// The bodies stand so in Dialgen's OpenAPI document and on its pages of the endpoints, but for that of
// 429. Source: https://docs.dialgen.ai/api-reference

export const UNAUTHORIZED: Refusal = {
  status: 401,
  body: { error: 'Unauthorized', message: 'Invalid or missing API key' },
}

export const FORBIDDEN: Refusal = {
  status: 403,
  body: { error: 'Forbidden', message: 'Access denied' },
}

export const NOT_FOUND: Refusal = {
  status: 404,
  body: { error: 'Not Found', message: 'Resource not found' },
}

export const AGENT_NOT_FOUND: Refusal = {
  status: 404,
  body: {
    error: 'Agent not found or inactive',
    code: 'AGENT_NOT_FOUND',
    message: 'The specified agent does not exist, is inactive, or you do not have access to it',
  },
}

/** Our reading: no document tells of a limit of requests. */
export const TOO_MANY_REQUESTS: Refusal = {
  status: 429,
  body: { error: 'Too Many Requests', message: 'Rate limit exceeded' },
}

export const START_IN_THE_PAST: Refusal = {
  status: 400,
  body: { error: 'Scheduled start time must be in the future' },
}

export const badRequest = (message: string): Refusal => ({
  status: 400,
  body: { error: 'Bad Request', message },
})

/** Where a number of minutes is needed, both stand in `details`; otherwise that part is our reading. */
export function insufficientCredits(available: number, required?: number): Refusal {
  const code = { error: 'Insufficient call minutes', code: 'INSUFFICIENT_CREDITS' }
  if (required === undefined) {
    return { status: 402, body: { ...code, message: 'No call minutes are left' } }
  }
  return {
    status: 402,
    body: {
      ...code,
      message: `Estimated ${required} minutes required, but only ${available} available`,
      details: { estimatedMinutesRequired: required, availableMinutes: available },
    },
  }
}

export const callInProgress = (callId: string): Refusal => ({
  status: 409,
  body: { message: 'Call already in progress for this contact', callId },
})

export const refuse = (c: Context, { status, body }: Refusal): Response => c.json(body, status)

/** A value of the API, or why the request is refused. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal }

/** Reads input from outside; names the first field that is wrong, and never its value. */
export function checkedBy<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): Checked<z.output<Schema>> {
  const read = schema.safeParse(input)
  if (read.success) return { ok: true, value: read.data }
  const [issue] = read.error.issues
  const field = issue?.path.join('.') ?? ''
  const message = field === '' ? 'The request cannot be read' : `${field} ${issue?.message}`
  return { ok: false, refusal: badRequest(message) }
}

/** Reads the body of a new batch, whose refusal lists what is wrong by field. */
export function validatedBy<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): Checked<z.output<Schema>> {
  const read = schema.safeParse(input)
  if (read.success) return { ok: true, value: read.data }
  const { fieldErrors } = z.flattenError(read.error)
  const body = { error: 'Validation failed', code: 'INVALID_REQUEST', details: { fieldErrors } }
  return { ok: false, refusal: { status: 400, body } }
}
