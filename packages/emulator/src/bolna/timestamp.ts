import type { EmulatedCall } from '../call.ts'
import type { Carrier } from './execution.ts'

/** The forms in which times stand in one record, side by side (observed). */
export interface ClockFace {
  /** Six digits and, but for Twilio's records, an offset. */
  recorded(time: number): string
  /** Six digits and no zone; UTC all the same. */
  naive(time: number): string
  /** As in the documents' example of a retry. */
  zulu(time: number): string
}

/** The digits behind the milliseconds are the call's own, and the same in all its times: so they sort as the times do. */
export function createClockFace(call: EmulatedCall, carrier: Carrier): ClockFace {
  const digits = String(call.random('microseconds').whole([0, 999])).padStart(3, '0')
  const naive = (time: number) => new Date(time).toISOString().replace('Z', digits)
  return {
    naive,
    recorded: (time) => (carrier === 'twilio' ? naive(time) : `${naive(time)}+00:00`),
    zulu: (time) => new Date(time).toISOString(),
  }
}
