import type { Amount, ProviderDeclaration } from 'callstate/providers'
import { type BolnaData, bolna } from 'callstate/providers/bolna'
import { type DialgenData, dialgen } from 'callstate/providers/dialgen'
import { expectTypeOf, test } from 'vitest'
import type { FinalData, PayloadRef } from './calls/final-data.ts'
import type { ConsumedChange, ConsumedChangeOf } from './consumer/consumed-change.ts'
import { corrected, gained, ready } from './consumer/when.ts'
import { createTracker } from './create-tracker.ts'
import type { Store } from './store.ts'
import type { Tracker } from './tracker.ts'

declare const store: Store
declare const acme: ProviderDeclaration

const tracker = createTracker({ store, providers: [bolna, dialgen] })

test('the data of a change are those of its provider', () => {
  tracker.consume('any', (change) => {
    expectTypeOf(change.provider).toEqualTypeOf<'bolna' | 'dialgen'>()
    if (change.provider === 'bolna') expectTypeOf(change.data).toEqualTypeOf<BolnaData>()
    else expectTypeOf(change.data).toEqualTypeOf<DialgenData>()
    expectTypeOf(change.finalData).toEqualTypeOf<FinalData | null>()
  })
  createTracker({ store, providers: [bolna] }).consume('one', ({ data }) => {
    expectTypeOf(data.total_cost).toEqualTypeOf<BolnaData['total_cost']>()
    // @ts-expect-error A slip in a name is seen.
    void data.totalcost
  })
  createTracker({ store, providers: [acme] }).consume('own', ({ data }) => {
    expectTypeOf(data).toEqualTypeOf<Readonly<Record<string, unknown>>>()
  })
  // Beside a provider without types, the types of the others stay.
  createTracker({ store, providers: [acme, bolna] }).consume('both', ({ data }) => {
    expectTypeOf(data).toEqualTypeOf<BolnaData | Readonly<Record<string, unknown>>>()
  })
})

test('the calls of get are those of its providers', async () => {
  const call = await tracker.get({ provider: 'bolna', callId: 'c-1' })
  if (call?.provider === 'bolna') {
    expectTypeOf(call.data).toEqualTypeOf<BolnaData>()
    expectTypeOf(call.attempts[0]?.data).toEqualTypeOf<BolnaData | undefined>()
  }
})

test('ready and gained know that the field is there', () => {
  const billing = tracker.consume(
    'billing',
    (change) => {
      expectTypeOf(change.finalData.cost).toExtend<Amount>()
      expectTypeOf(change.finalData.cost.amount).toEqualTypeOf<number>()
      expectTypeOf(change.finalData.recording).toEqualTypeOf<PayloadRef | null>()
      if (change.provider === 'bolna') expectTypeOf(change.data).toEqualTypeOf<BolnaData>()
    },
    { when: ready('cost'), from: 'start' },
  )
  expectTypeOf(billing.name).toBeString()
  tracker.consume('crm', ({ finalData }) => void finalData.extraction.pointer, {
    when: gained('extraction', { once: 'call' }),
  })
  tracker.consume(
    'list',
    ({ finalData, corrected: correction }) => {
      // @ts-expect-error Of several filters, none is sure to have fired.
      void finalData.cost
      expectTypeOf(finalData?.cost?.amount).toEqualTypeOf<number | undefined>()
      expectTypeOf(correction?.before?.amount).toEqualTypeOf<number | undefined>()
    },
    { when: [ready('cost'), corrected('cost')] },
  )
  // @ts-expect-error It is no field of final data.
  ready('total_cost')
})

test('corrected knows the field, and both values', () => {
  tracker.consume(
    'billing',
    ({ corrected: { field, before, now }, finalData }) => {
      expectTypeOf(field).toEqualTypeOf<'cost'>()
      expectTypeOf(before).toExtend<Amount | null>()
      expectTypeOf(now?.amount).toEqualTypeOf<number | undefined>()
      expectTypeOf(finalData).toEqualTypeOf<FinalData | null>()
    },
    { when: corrected('cost') },
  )
})

test('a function that says what it lets through is believed', () => {
  const isBolna = (change: ConsumedChange): change is ConsumedChangeOf<typeof bolna> =>
    change.provider === 'bolna'
  tracker.consume('bolna', ({ data }) => void expectTypeOf(data).toEqualTypeOf<BolnaData>(), {
    when: isBolna,
  })
  tracker.consume('plain', ({ provider }) => void provider, { when: ({ call }) => call.settled })
})

test('where a consumer begins is a word or a date', () => {
  tracker.consume('a', () => {}, { from: new Date(0) })
  // @ts-expect-error A number is no date.
  tracker.consume('a', () => {}, { from: 0 })
  // @ts-expect-error It went with release 0.1.
  tracker.consume('a', () => {}, { when: 'final-data' })
})

test('a tracker of some providers is a tracker', () => {
  expectTypeOf(tracker).toExtend<Tracker>()
  expectTypeOf<Tracker>().toHaveProperty('consume')
  const handled = (changes: Tracker) => changes.consume('any', (_: ConsumedChange) => {})
  handled(tracker)
  handled(createTracker({ store, providers: [bolna] }))
})
