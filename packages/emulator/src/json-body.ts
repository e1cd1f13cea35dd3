import type { Context } from 'hono'

/**
 * How many lists and objects of a body may lie in each other. No provider names a limit; some thousands
 * cannot be written as JSON again, and a call that took them could neither be told nor asked about.
 */
export const MAX_BODY_DEPTH = 100

/** What a request brings as JSON; null where it is none, or deeper than `MAX_BODY_DEPTH`. */
export async function jsonBodyOf(c: Context): Promise<unknown> {
  const body: unknown = await c.req.json().catch(() => null)
  return isWithin(body, MAX_BODY_DEPTH) ? body : null
}

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((one) => isWithin(one, depth - 1))
}
