import * as z from 'zod'
import { E164 } from '../e164.ts'

/** A number with its country code. Stated: E.164 only. */
export const phoneNumberSchema = z
  .string('is required')
  .regex(E164, 'has an invalid phone number format: E.164 is expected')

/**
 * One zone for each country code that is known here; Bolna takes the recipient's zone from the number.
 * Which zone it takes for a country with several is not documented: these are our reading.
 */
const ZONES: readonly (readonly [prefix: string, timeZone: string])[] = [
  ['+1', 'America/New_York'],
  ['+44', 'Europe/London'],
  ['+49', 'Europe/Berlin'],
  ['+61', 'Australia/Sydney'],
  ['+65', 'Asia/Singapore'],
  ['+91', 'Asia/Kolkata'],
  ['+971', 'Asia/Dubai'],
]

/** The recipient's time zone; UTC for a country that is not known here. Pure. */
export function timeZoneOf(phoneNumber: string): string {
  return ZONES.find(([prefix]) => phoneNumber.startsWith(prefix))?.[1] ?? 'UTC'
}
