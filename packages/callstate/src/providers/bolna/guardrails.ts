import * as z from 'zod'
import { openObject } from './schema.ts'

const hourSchema = z.int().min(0).max(23)

/**
 * An agent's `calling_guardrails`: the hours, 0 to 23 on the recipient's clock, between which Bolna
 * places calls. Off where there are none. A call outside them goes to `rescheduled` and is queued for
 * the next start, unless `bypass_call_guardrails` is set for the call or the batch.
 * Source: https://www.bolna.ai/docs/outbound/calling-guardrails
 */
export const bolnaGuardrailsSchema = openObject({
  call_start_hour: hourSchema,
  call_end_hour: hourSchema,
}).refine((hours) => hours.call_end_hour >= hours.call_start_hour, {
  path: ['call_end_hour'],
  error: 'an hour not before call_start_hour',
})

/** The hours between which an agent places calls. */
export type BolnaGuardrails = z.output<typeof bolnaGuardrailsSchema>

/** The hours that hold for a callback that a caller asks for, where nobody configured any. Stated. */
export const BOLNA_DEFAULT_CALLBACK_HOURS: BolnaGuardrails = {
  call_start_hour: 9,
  call_end_hour: 21,
}

/**
 * Whether a call may be placed in this hour, 0 to 23, of the recipient's clock. Pure.
 *
 * The documents speak of "9 AM to 9 PM" for 9 and 21 and leave open whether 21:30 is inside. Here the
 * end hour is outside: our reading, and the one that disturbs nobody.
 *
 * @example
 * isWithinGuardrails({ call_start_hour: 9, call_end_hour: 21 }, 20) // true
 * isWithinGuardrails({ call_start_hour: 9, call_end_hour: 21 }, 21) // false
 */
export function isWithinGuardrails(guardrails: BolnaGuardrails, localHour: number): boolean {
  return localHour >= guardrails.call_start_hour && localHour < guardrails.call_end_hour
}

// No zone's clock has changed hour anywhere but on a quarter of an hour of UTC since 1972.
const STEP_MS = 15 * 60_000
const LONGEST_WAIT_MS = 48 * 60 * 60_000

/**
 * The first moment, not before `at`, at which the guardrails allow a call; null where they never do
 * (start and end are the same hour). `at` and the answer are milliseconds since 1970; `timeZone` is
 * the recipient's, such as `Asia/Kolkata`. Days on which the clock changes are counted as they are.
 * Pure. Throws a RangeError for a time zone or a time that does not exist, as `Intl` does.
 *
 * @example
 * const hours = { call_start_hour: 9, call_end_hour: 21 }
 * nextAllowedAt(hours, Date.UTC(2026, 0, 26, 16), 'Asia/Kolkata') // 9:00 there: 03:30 UTC on the 27th
 */
export function nextAllowedAt(
  guardrails: BolnaGuardrails,
  at: number,
  timeZone: string,
): number | null {
  const clock = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' })
  const isAllowed = (time: number) => isWithinGuardrails(guardrails, Number(clock.format(time)))
  if (isAllowed(at)) return at
  const last = at + LONGEST_WAIT_MS
  for (let time = Math.ceil(at / STEP_MS) * STEP_MS; time <= last; time += STEP_MS) {
    if (isAllowed(time)) return time
  }
  return null
}
