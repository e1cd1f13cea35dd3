/** The waiting time that a `Retry-After` header asks for: seconds or a date; null where it is neither. Pure. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,10}(?:\.\d{1,9})?$/.test(text)) return Number(text) * 1_000
  // A date of HTTP begins with the name of a day; `Date.parse` alone takes much for a date.
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
