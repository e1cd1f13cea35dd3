import { type Budgets, type Call, dueAt, type RetryPolicy } from 'callstate'
import { attemptsOf } from 'callstate/internal'
import type { TrackedCall } from '../calls/tracked-call.ts'

/**
 * When silence about a stored call becomes suspicious, in whole ms since 1970 by our clock; null where
 * it never does. The rules are `dueAt`'s; two things are added, since a tracker knows when it heard:
 * - where the provider gave no time for the current status, `lastReceivedAt` stands in for it, and
 * - a provider's clock that runs ahead does not postpone suspicion: its time counts as
 *   `lastReceivedAt` at most.
 *
 * A planned time (`scheduledFor`) lies ahead by its nature and is taken as it is; a `scheduled` call
 * without one is never due. Pure.
 *
 * @example
 * dueOf(replay([{ status: 'ringing' }]).call, { lastReceivedAt: 0 }) // 180_000
 */
export function dueOf(
  call: Call,
  heard: Pick<TrackedCall, 'lastReceivedAt'>,
  budgets?: Partial<Budgets>,
  policy?: RetryPolicy,
): number | null {
  const due = dueAt(heardBy(call, heard.lastReceivedAt), budgets, policy)
  // A planned time beyond every calendar, or a budget that is no number, is none: stores keep integers.
  return due !== null && Number.isSafeInteger(Math.floor(due)) ? Math.floor(due) : null
}

/** The call with the time of its current status as it is to be counted. */
function heardBy(call: Call, lastReceivedAt: number): Call {
  const heard = attemptsOf(call).map((record) =>
    record.attempt !== call.attempt
      ? record
      : {
          ...record,
          seen: record.seen.map((sighting) =>
            sighting.status === call.status
              ? { ...sighting, lastAt: within(sighting.lastAt, lastReceivedAt) }
              : sighting,
          ),
        },
  )
  return { ...call, heard }
}

/** A provider's time, no later than we heard; absurdly early ones lie far enough back in 1970. */
function within(at: number | null, lastReceivedAt: number): number {
  return Math.min(Math.max(at ?? lastReceivedAt, 0), lastReceivedAt)
}
