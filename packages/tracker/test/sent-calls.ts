import { callWithRetries, deliveries } from 'callstate/testing'
import fc from 'fast-check'

/** One delivery of a Bolna webhook, as a sender has it. */
export interface Sent {
  readonly callId: string
  /** The same text for every delivery of one event. */
  readonly body: string
}

/** How many deliveries of one call pass until the next call begins: a few calls are always under way. */
const CALL_EVERY = 3

const arrivals = callWithRetries({ maxAttempts: 2, details: false }).chain(({ events }) =>
  deliveries(events, { maxCopies: 2 }),
)

/**
 * Everything that is sent about so many calls, interleaved: legal paths with retries, each event
 * delivered once or twice, in any order. The same seed gives the same deliveries.
 */
export function sentCalls(seed: number, calls: number): readonly Sent[] {
  const all = fc.sample(arrivals, { seed, numRuns: calls }).flatMap((arrived, call) => {
    const callId = `call-${seed}-${call}`
    return arrived.map(({ event }, place) => {
      const { status, attempt, occurredAt } = event
      const updated_at = new Date(occurredAt).toISOString()
      const body = JSON.stringify({ id: callId, status, updated_at, retry_count: attempt - 1 })
      return { sent: { callId, body }, at: call * CALL_EVERY + place }
    })
  })
  return all.toSorted((a, b) => a.at - b.at).map(({ sent }) => sent)
}
