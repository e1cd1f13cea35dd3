import { parseTimestamp } from '../timestamp.ts'
import { type OriginVerdict, refused } from './scheme.ts'

/**
 * How a provider writes the time of signing: whole seconds or milliseconds since 1970, either of the two
 * where its documents do not say which, or ISO 8601.
 */
export type TimeUnit = 's' | 'ms' | 's-or-ms' | 'iso'

/** As seconds a year beyond 5000, as milliseconds one before 1974. */
const FIRST_OF_MILLISECONDS = 1e11

/** The time that text stands for, in milliseconds since 1970; null for none. Pure; never throws. */
export function timeOf(text: string, unit: TimeUnit): number | null {
  if (unit === 'iso') return parseTimestamp(text)
  if (!/^\d{1,15}$/.test(text)) return null
  const number = Number(text)
  const isMilliseconds = unit === 'ms' || (unit === 's-or-ms' && number >= FIRST_OF_MILLISECONDS)
  return isMilliseconds ? number : number * 1_000
}

/** A time as the provider writes it. Pure. */
export function timeText(at: number, unit: TimeUnit): string {
  if (unit === 'iso') return new Date(at).toISOString()
  return String(unit === 'ms' ? Math.trunc(at) : Math.floor(at / 1_000))
}

/**
 * The verdict on a right signature by its age: `stale` where it is further from now than `toleranceMs`, in
 * either direction; null says that age does not matter. Pure.
 */
export function verdictOfAge(
  signedAt: number,
  now: number,
  toleranceMs: number | null,
): OriginVerdict {
  const isOfNow = toleranceMs === null || Math.abs(now - signedAt) <= toleranceMs
  return isOfNow ? { ok: true, signedAt } : refused('stale')
}
