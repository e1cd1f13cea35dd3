import type { Context } from 'hono'

/** Whether a request brings a bearer token that is one of these keys; null for any that is not empty. */
export function hasApiKey(c: Context, apiKeys: readonly string[] | null): boolean {
  const key = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
  return key !== undefined && apiKeys?.includes(key) !== false
}
