import type { Refusal } from './refusal.ts'

/** Whose delivery a request is, or why it is nobody's. */
export type Route<Entrance> =
  | { readonly ok: true; readonly entrance: Entrance }
  | { readonly ok: false; readonly reason: Refusal }

/**
 * Whose delivery it is by the last two parts of its path: `/webhooks/` and the provider's name, under any
 * prefix. Pure; never throws.
 */
export function routeOf<Entrance>(
  url: string,
  entrances: ReadonlyMap<string, Entrance>,
): Route<Entrance> {
  const [path = ''] = url.split(/[?#]/, 1)
  const [folder, name = ''] = path.replace(/\/$/, '').split('/').slice(-2)
  if (folder !== 'webhooks') return { ok: false, reason: 'unknown-path' }
  const entrance = entrances.get(name)
  return entrance === undefined ? { ok: false, reason: 'unknown-provider' } : { ok: true, entrance }
}
