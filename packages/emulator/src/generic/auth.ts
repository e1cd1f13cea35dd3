import type { AskAuth } from 'callstate/providers'
import type { Context } from 'hono'
import { hasApiKey } from '../api-key.ts'

/** Who asks; the account is the part of a `basic` key before the colon. */
export type Asker = { readonly ok: true; readonly account: string | null } | { readonly ok: false }

const REFUSED: Asker = { ok: false }
const ALLOWED: Asker = { ok: true, account: null }

/**
 * Checks who asks, as the provider's `ask.auth` says; without keys, every key that is not empty will do.
 * Of headers that are made anew for each request it is checked that they are there: what is in them only
 * the provider knows.
 */
export async function askerOf(
  c: Context,
  auth: AskAuth,
  apiKeys: readonly string[] | null,
  now: number,
): Promise<Asker> {
  if (auth === 'none') return ALLOWED
  if (auth === 'bearer') return hasApiKey(c, apiKeys) ? ALLOWED : REFUSED
  if (auth === 'basic') return basicAsker(c, apiKeys)
  if (typeof auth === 'function') {
    const { pathname, search } = new URL(c.req.url)
    const made = await auth({ path: pathname + search }, apiKeys?.[0] ?? 'any', now)
    return Object.keys(made).every((name) => c.req.header(name)) ? ALLOWED : REFUSED
  }
  const key = c.req.header(auth.header) ?? ''
  return key !== '' && apiKeys?.includes(key) !== false ? ALLOWED : REFUSED
}

function basicAsker(c: Context, apiKeys: readonly string[] | null): Asker {
  const encoded = /^Basic +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
  const key = Buffer.from(encoded, 'base64').toString('utf8')
  const [account = '', password] = key.split(/:(.*)/s)
  if (account === '' || password === undefined) return REFUSED
  return apiKeys?.includes(key) === false ? REFUSED : { ok: true, account }
}
