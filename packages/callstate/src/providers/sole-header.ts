import type { DeliveryHeaders } from './message.ts'

/** A header's one value, or why there is none: it is missing or empty, or it came more than once. */
export type SoleHeader =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly reason: 'missing' | 'wrong' }

/** Reads a header that must come exactly once. Pure; never throws. */
export function soleHeader(headers: DeliveryHeaders, name: string): SoleHeader {
  const given: unknown = Object.hasOwn(headers ?? {}, name) ? headers[name] : undefined
  const values: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (values.length > 1) return { ok: false, reason: 'wrong' }
  const [value] = values
  if (value === undefined || value === null || value === '') return { ok: false, reason: 'missing' }
  return typeof value === 'string' ? { ok: true, value } : { ok: false, reason: 'wrong' }
}
