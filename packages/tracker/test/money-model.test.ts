import { createTracker } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { bolna } from 'callstate/providers/bolna'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attemptName, booksOf, type LedgerLine } from './money-ledger.ts'
import { listedIn } from './money-list.ts'
import { startBilling } from './money-recipe.ts'

// What the emulator never does: any messages of up to three attempts get lost, the rest comes in any order,
// costs change often and go away, and some messages bring no cost. A model of a few lines says what follows.

const ENDS = ['completed', 'error', 'failed', 'stopped', 'busy', 'no-answer'] as const
type End = (typeof ENDS)[number]

/** One message about the end of an attempt, or about the line before it. */
interface Told {
  readonly status: End | 'in-progress' | 'call-disconnected'
  readonly cost: number | string | null
  /** Whether it names how the attempts before ended. */
  readonly hasHistory: boolean
  readonly isLost: boolean
  /** Where it comes among all others. */
  readonly place: number
}

interface Attempt {
  readonly end: End
  readonly told: readonly Told[]
}

const cost = fc.oneof(
  {
    arbitrary: fc.integer({ min: 0, max: 5_000 }).map((hundredths) => hundredths / 100),
    weight: 4,
  },
  {
    arbitrary: fc.integer({ min: 0, max: 5_000 }).map((hundredths) => `${hundredths / 100}`),
    weight: 1,
  },
  { arbitrary: fc.constant(null), weight: 2 },
)

const messageOf = (status: fc.Arbitrary<Told['status']>): fc.Arbitrary<Told> =>
  fc.record({
    status,
    cost,
    hasHistory: fc.boolean(),
    isLost: fc.integer({ min: 0, max: 3 }).map((die) => die === 0),
    place: fc.nat(),
  })

const LINE = ['in-progress', 'call-disconnected'] as const

const attempt: fc.Arbitrary<Attempt> = fc.constantFrom(...ENDS).chain((end) => {
  const isUp = end !== 'busy' && end !== 'no-answer'
  return fc.record({
    end: fc.constant(end),
    told: fc
      .tuple(
        fc.array(messageOf(fc.constantFrom(...LINE)), { maxLength: isUp ? 2 : 0 }),
        fc.array(messageOf(fc.constant(end)), { maxLength: 3 }),
      )
      .map(([before, after]) => [...before, ...after]),
  })
})

const calls = fc.array(fc.array(attempt, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 8,
})

const START = Date.UTC(2026, 2, 2, 9)
const ATTEMPT_MS = 3_600_000
const STEP_MS = 60_000

test('what is charged and what is listed are what the messages that came say of each attempt', async () => {
  const seen = { charged: 0, listed: 0, corrected: 0 }
  await fc.assert(
    fc.asyncProperty(calls, async (all) => {
      const lines: LedgerLine[] = []
      await using tracker = createTracker({
        store: createMemoryStore(),
        providers: [bolna],
        now: () => START + 24 * ATTEMPT_MS,
      })
      const billing = startBilling(tracker, (line) => void lines.push(line))
      await billing.ready
      const bodies = all.flatMap((attempts, call) => messagesOf(`call-${call}`, attempts))
      for (const { body } of bodies.toSorted((a, b) => a.place - b.place)) {
        await tracker.ingest({ provider: 'bolna', kind: 'webhook', body })
      }
      await billing.idle()
      const books = booksOf(lines)
      const listed = await listedIn(tracker, START + 1_000 * ATTEMPT_MS)
      expect(books.problems).toEqual([])
      for (const [call, attempts] of all.entries()) {
        for (const [place, one] of attempts.entries()) {
          const name = attemptName(`call-${call}`, place + 1)
          const should = expectedOf(one, attempts.slice(place + 1))
          const isListed = listed.get(name)?.includes('cost') === true
          expect([name, books.charged.get(name) ?? null, isListed]).toEqual([
            name,
            should.charged,
            should.isListed,
          ])
          for (const amount of books.amounts.get(name) ?? [])
            expect(should.amounts).toContain(amount)
          if (should.charged !== null) seen.charged++
          if (should.isListed) seen.listed++
          if ((books.amounts.get(name)?.length ?? 0) > 1) seen.corrected++
        }
      }
    }),
    { numRuns: 150 },
  )
  for (const [what, count] of Object.entries(seen))
    expect([what, count > 100]).toEqual([what, true])
})

/** The bodies of a call that were not lost. */
function messagesOf(id: string, attempts: readonly Attempt[]) {
  return attempts.flatMap(({ told }, place) =>
    told.flatMap(({ status, cost: total_cost, hasHistory, isLost, place: order }, step) => {
      const updated_at = new Date(START + place * ATTEMPT_MS + step * STEP_MS).toISOString()
      const retry_history = attempts.slice(0, place).map(({ end }, earlier) => ({
        attempt: earlier + 1,
        status: end,
        at: new Date(START + earlier * ATTEMPT_MS + 10 * STEP_MS).toISOString(),
      }))
      const body = {
        id,
        status,
        retry_count: place,
        updated_at,
        total_cost,
        conversation_duration: 1,
        ...(hasHistory && { retry_history }),
      }
      return isLost ? [] : [{ body, place: order }]
    }),
  )
}

/** The model: what follows for an attempt of what came of it and of later ones. */
function expectedOf({ end, told }: Attempt, later: readonly Attempt[]) {
  const came = told.filter(({ isLost }) => !isLost)
  const costs = came.flatMap((one) =>
    one.status === end && one.cost !== null ? [Number(one.cost)] : [],
  )
  const charged = costs.at(-1) ?? null
  const isKnown =
    came.some(({ status }) => status === end) ||
    later.some((one) => one.told.some(({ hasHistory, isLost }) => hasHistory && !isLost))
  const wasUp = came.some(
    ({ status }) => status === 'in-progress' || status === 'call-disconnected',
  )
  const isExpected =
    end === 'completed' || end === 'error' || ((end === 'failed' || end === 'stopped') && wasUp)
  // Where a later attempt was heard of, this one is over, however it ended: it may have cost something.
  const isFollowed = later.some((one) => one.told.some(({ isLost }) => !isLost))
  const isMissed = isKnown ? isExpected : isFollowed
  return { charged, amounts: costs, isListed: isMissed && charged === null }
}
