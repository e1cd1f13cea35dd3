import { describe, expect, test } from 'vitest'
import { openTracker, overwrite, REF } from '../calls/stored-call.fixture.ts'
import type { Store } from '../store.ts'

const ENDED = { total_cost: 22, conversation_duration: 30, updated_at: '2026-01-26T10:00:00Z' }

const cents = (amount: number) => ({ amount, currency: null, unit: 'cent' })

/** As rules of an earlier version would have left the call: they read another cost out of the message. */
async function olderRules(store: Store): Promise<void> {
  await overwrite(store, ({ row, entries }) => ({
    row: { rules: 1, attempts: JSON.parse(older(row.attempts)) },
    entries: entries.map((entry) => ({
      ...entry,
      decided: entry.decided && { ...JSON.parse(older(entry.decided)), rules: 1 },
    })),
  }))
}

function older(data: unknown): string {
  return JSON.stringify(data).replaceAll('"amount":22,', '"amount":20,')
}

/** The facts of the latest entry. */
async function lastFacts({ tracker }: ReturnType<typeof openTracker>) {
  return (await tracker.history(REF)).at(-1)?.decided?.facts
}

/** A tracker that has not seen the call, on the store of one that handed out its cost as 20. */
async function reopened() {
  const before = openTracker()
  await before.tell('completed', ENDED)
  await olderRules(before.store)
  return openTracker({ store: before.store })
}

describe('a row of older rules that hears a message', () => {
  test('corrects what was handed out and is another value by the rules of today', async () => {
    const opened = await reopened()
    const { tracker, tell } = opened
    await tell('in-progress', { updated_at: '2026-01-26T09:59:00Z' })
    expect(await lastFacts(opened)).toMatchObject([
      {
        attempt: 1,
        finalData: { cost: cents(22) },
        ready: [],
        corrected: [{ field: 'cost', before: cents(20), now: cents(22) }],
      },
    ])
    const [first, second] = await tracker.history(REF)
    expect(second?.decided?.facts[0]?.corrected[0]?.message).toBe(first?.key)
    expect(await tracker.rebuild()).toMatchObject({ rebuilt: 0 })
    expect((await tracker.verify()).differences).toEqual([])
    // Once is enough.
    await tell('initiated', { updated_at: '2026-01-26T09:58:00Z' })
    expect(await lastFacts(opened)).toEqual([])
  })

  test('says one correction where the message corrects it too, from what was handed out', async () => {
    const opened = await reopened()
    await opened.tell('completed', { ...ENDED, total_cost: 23, updated_at: '2026-01-26T11:00:00Z' })
    expect(await lastFacts(opened)).toMatchObject([
      { corrected: [{ field: 'cost', before: cents(20), now: cents(23) }] },
    ])
  })

  test('says none where the message makes it what was handed out', async () => {
    const opened = await reopened()
    await opened.tell('completed', { ...ENDED, total_cost: 20, updated_at: '2026-01-26T11:00:00Z' })
    expect(await lastFacts(opened)).toEqual([])
  })

  test('says it beside what the message makes ready, and with the first of several messages', async () => {
    const opened = await reopened()
    const later = { ...ENDED, updated_at: '2026-01-26T11:00:00Z' }
    await Promise.all([
      opened.tell('completed', { ...later, extracted_data: { a: 1 } }),
      opened.tell('completed', { ...later, total_cost: 24, updated_at: '2026-01-26T12:00:00Z' }),
    ])
    const facts = (await opened.tracker.history(REF)).slice(1).map(({ decided }) => decided?.facts)
    expect(facts).toMatchObject([
      [{ ready: ['extraction'], corrected: [{ before: cents(20), now: cents(22) }] }],
      [{ ready: [], corrected: [{ before: cents(22), now: cents(24) }] }],
    ])
  })

  test('remembers what was handed out, also of an attempt that is none any more', async () => {
    const opened = await reopened()
    const { store, tracker } = opened
    await overwrite(store, ({ row }) => {
      const [ledger] = row.attempts
      return ledger === undefined ? {} : { row: { attempts: [{ ...ledger, attempt: 2 }] } }
    })
    const again = openTracker({ store })
    await again.tell('in-progress', { updated_at: '2026-01-26T09:59:00Z' })
    expect(await lastFacts(again)).toMatchObject([
      {
        attempt: 2,
        finalData: null,
        corrected: [
          { field: 'durationMs', before: 30_000, now: null, message: null },
          { field: 'cost', before: cents(20), now: null, message: null },
        ],
      },
    ])
    const row = await again.row()
    expect(row?.attempts.map(({ attempt, readyFields }) => [attempt, readyFields])).toEqual([
      [1, ['durationMs', 'cost']],
      [2, ['durationMs', 'cost']],
    ])
    expect(await tracker.rebuild()).toMatchObject({ rebuilt: 0 })
  })
})
