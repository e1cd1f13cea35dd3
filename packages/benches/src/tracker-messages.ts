import type { IngestResult } from '@callstate/tracker'
import { bolnaCall, seededRandom } from './bolna-call.ts'

const CALL_EVERY_MS = 1000

/** Gives all webhooks of so many calls that nobody has heard of yet, those of all calls interleaved. */
export function createCalls(seed: number): (calls: number) => readonly string[] {
  const random = seededRandom(seed)
  let start = Date.UTC(2026, 0, 5, 9)
  return (calls) => {
    const first = start
    start += calls * CALL_EVERY_MS
    const some = Array.from({ length: calls }, (_, call) =>
      bolnaCall(random, first + call * CALL_EVERY_MS).map(({ body }) => body),
    )
    const longest = Math.max(...some.map(({ length }) => length))
    return Array.from({ length: longest }, (_, place) => place).flatMap((place) =>
      some.flatMap((call) => call[place] ?? []),
    )
  }
}

/** Gives bodies of webhooks of calls that nobody has heard of yet, those of many calls interleaved. */
export function createMessages(seed: number): (count: number, calls: number) => readonly string[] {
  const next = createCalls(seed)
  return (count, calls) => {
    const bodies: string[] = []
    while (bodies.length < count) bodies.push(...next(calls))
    return bodies.slice(0, count)
  }
}

/** Whether a webhook told an event that was not known before. */
export function isStored(result: IngestResult): boolean {
  return result.ok && result.type === 'events' && !result.repeated
}
