import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTracker } from '../create-tracker.ts'
import { redactFields } from '../intake/redact.ts'
import { createMemoryStore } from '../memory/index.ts'
import {
  type Dropped,
  forgottenIdentityOf,
  identityOf,
  type Truth,
  truthOf,
} from './ledger-model.fixture.ts'
import { messages } from './said.fixture.ts'
import { type Said, till } from './till.fixture.ts'

const REF = { provider: 'till', callId: 'c-1' }

/** Some messages, one forgetting, and the other messages. */
const told = fc.record({
  said: messages,
  forgetAfter: fc.integer({ min: 0, max: 6 }),
  dropped: fc.subarray<Dropped>(['cost', 'secs', 'file']),
})

/** What is stored of messages that come one by one: data makes no call, and what is stored comes once. */
function storedOf(
  said: readonly Said[],
  forgetAfter: number,
  dropped: readonly Dropped[],
): readonly Said[] {
  const stored: Said[] = []
  let isForgotten = false
  for (const [place, one] of said.entries()) {
    if (place === forgetAfter) isForgotten = stored.length > 0
    const identity = isForgotten ? forgottenIdentityOf : (other: Said) => identityOf(other, dropped)
    const isKnown = stored.some((other) => identity(other) === identity(one))
    if (!isKnown && (stored.length > 0 || one.word !== 'note')) stored.push(one)
  }
  return stored
}

test('who sets what is told has what is true, whenever a call is forgotten', async () => {
  const seen = { afterwards: 0, corrected: 0 }
  await fc.assert(
    fc.asyncProperty(told, async ({ said, forgetAfter, dropped }) => {
      let clock = 1_769_421_600_000
      const tracker = createTracker({
        store: createMemoryStore(),
        providers: [till],
        now: () => clock++,
        ...(dropped.length > 0 && { redact: redactFields(dropped) }),
      })
      for (const [place, body] of said.entries()) {
        if (place === forgetAfter) await tracker.forget(REF)
        await tracker.ingest({ provider: 'till', rawBody: JSON.stringify(body) })
      }
      const stored = storedOf(said, forgetAfter, dropped)
      const history = await tracker.history(REF)
      expect(history.map(({ event }) => event?.word)).toEqual(stored.map(({ word }) => word))
      const call = await tracker.get(REF)
      const truth = [...truthOf(stored)].filter(([, { end }]) => end !== null)
      const known = call?.attempts.filter(({ finalData }) => finalData !== null) ?? []
      expect(
        known.map(({ attempt, finalData, missing }) => [
          attempt,
          { cost: finalData?.cost?.amount ?? null, ms: finalData?.durationMs, missing },
        ]),
      ).toEqual(truth.map(([attempt, { cost, ms, missing }]) => [attempt, { cost, ms, missing }]))
      expect(billedBy(history.flatMap(({ decided }) => decided?.facts ?? []))).toEqual(
        billsOf(truth),
      )
      expect((await tracker.verify()).differences).toEqual([])
      expect(await tracker.rebuild()).toMatchObject({ rebuilt: 0 })
      const later = history.slice(storedOf(said.slice(0, forgetAfter), 99, dropped).length)
      const facts = later.flatMap(({ decided }) => decided?.facts ?? [])
      if (forgetAfter < said.length && facts.length > 0) seen.afterwards++
      if (facts.some(({ corrected }) => corrected.length > 0)) seen.corrected++
      await tracker.close()
    }),
    { numRuns: 300 },
  )
  expect(seen.afterwards).toBeGreaterThan(20)
  expect(seen.corrected).toBeGreaterThan(10)
})

type Facts = readonly {
  readonly attempt: number
  readonly finalData: { readonly cost: { readonly amount: number } | null } | null
  readonly ready: readonly string[]
  readonly corrected: readonly { readonly field: string }[]
}[]

/** What somebody has billed who sets the cost of each attempt when it is told. */
function billedBy(facts: Facts): Readonly<Record<number, number>> {
  const bill: Record<number, number> = {}
  for (const { attempt, finalData, ready, corrected } of facts) {
    if (!ready.includes('cost') && !corrected.some(({ field }) => field === 'cost')) continue
    if (finalData?.cost) bill[attempt] = finalData.cost.amount
    else delete bill[attempt]
  }
  return bill
}

function billsOf(truth: readonly (readonly [number, Truth])[]): Readonly<Record<number, number>> {
  return Object.fromEntries(
    truth.flatMap(([attempt, { cost }]) => (cost === null ? [] : [[attempt, cost]])),
  )
}
