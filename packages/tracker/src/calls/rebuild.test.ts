import { RULES_VERSION } from 'callstate/internal'
import { dialgen } from 'callstate/providers/dialgen'
import { describe, expect, test } from 'vitest'
import { corrected, ready } from '../consumer/when.ts'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { Store } from '../store.ts'
import { asOf01, openTracker, overwrite, REF } from './stored-call.fixture.ts'
import type { HistoryEntry, TrackedCall } from './tracked-call.ts'

const COST = { total_cost: 22, conversation_duration: 30 }
const cents = (amount: number) => ({ amount, currency: null, unit: 'cent' })

/** As if older rules had read another cost, and had handed it out. */
function otherCost({ attempts }: TrackedCall): Partial<TrackedCall> {
  const text = JSON.stringify(attempts).replace('"amount":22', '"amount":20')
  return { rules: RULES_VERSION - 1, attempts: JSON.parse(text) }
}

describe('rebuild', () => {
  test('writes nothing unless it is told to', async () => {
    const { store, tracker, tell, row } = openTracker()
    await tell('completed', COST)
    await overwrite(store, ({ row }) => ({ row: otherCost(row) }))
    const before = await row()
    const found = { calls: 1, unchecked: 0, rebuilt: 1, corrected: 1, neverHandedOut: 0 }
    expect(await tracker.rebuild()).toEqual(found)
    expect(await row()).toEqual(before)
    expect(await tracker.history(REF)).toHaveLength(1)
    expect(await tracker.rebuild({ write: true })).toEqual(found)
  })

  test('hands out what is another value than was handed out, and rewrites no entry', async () => {
    const { store, tracker, tell, row } = openTracker()
    await tell('ringing')
    await tell('completed', COST)
    await overwrite(store, ({ row }) => ({ row: otherCost(row) }))
    const before = await tracker.history(REF)
    await tracker.rebuild({ write: true })
    const after = await tracker.history(REF)
    expect(after.slice(0, 2)).toEqual(before)
    expect(after[2]).toMatchObject({
      ...{ type: 'rebuilt', sequence: 3, event: null, decision: null, payload: null },
      decided: {
        ...{ status: 'completed', settled: true, of: 1, rules: RULES_VERSION },
        facts: [
          {
            attempt: 1,
            finalData: { cost: cents(22) },
            ready: [],
            corrected: [
              { field: 'cost', before: cents(20), now: cents(22), message: before[1]?.key },
            ],
          },
        ],
      },
    })
    expect(await row()).toMatchObject({
      ...{ events: 3, rules: RULES_VERSION },
      // Nothing new was heard.
      lastReceivedAt: before[1]?.receivedAt,
    })
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('finds nothing to do the second time, and what comes then goes on from there', async () => {
    const { store, tracker, tell } = openTracker()
    await tell('completed', COST)
    await overwrite(store, ({ row }) => ({ row: otherCost(row) }))
    await tracker.rebuild({ write: true })
    expect(await tracker.rebuild({ write: true })).toMatchObject({ rebuilt: 0, corrected: 0 })
    await tell('completed', { ...COST, total_cost: 23, updated_at: '2026-01-26T10:00:00Z' })
    const [, , last] = await tracker.history(REF)
    expect(last?.decided?.facts).toMatchObject([
      { ready: [], corrected: [{ before: cents(22), now: cents(23) }] },
    ])
    expect(await tracker.rebuild({ write: true })).toMatchObject({ rebuilt: 0 })
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('makes nothing ready that was not: from then on it is known', async () => {
    const { store, tracker, tell, row } = openTracker()
    await tell('completed', COST)
    await overwrite(store, () => ({ row: { rules: RULES_VERSION - 1, attempts: [] } }))
    expect(await tracker.rebuild({ write: true })).toMatchObject({ rebuilt: 1, corrected: 0 })
    const [, rebuilt] = await tracker.history(REF)
    expect(rebuilt?.decided?.facts).toEqual([])
    expect((await row())?.attempts[0]?.readyFields).toContain('cost')
    await tell('completed', { total_cost: 23, updated_at: '2026-01-26T10:00:00Z' })
    const [, , last] = await tracker.history(REF)
    expect(last?.decided?.facts).toMatchObject([{ ready: [], corrected: [{ now: cents(23) }] }])
  })

  test('counts what is known now and was never handed out, since nothing fires for it', async () => {
    const { store, tracker, tell } = openTracker()
    await tell('completed', { ...COST, hangup_reason: 'bye', retry_count: 0 })
    await tell('busy', { total_cost: 1, retry_count: 1 })
    // As if older rules had found no cost in the first attempt, and nothing in the second.
    await overwrite(store, ({ row, entries }) => ({
      row: {
        rules: RULES_VERSION - 1,
        attempts: row.attempts.slice(0, 1).map((ledger) => ({
          ...ledger,
          said: ledger.said.map(({ fields: { cost: _, ...fields }, ...one }) => ({
            ...one,
            fields,
          })),
          readyFields: ledger.readyFields.filter((field) => field !== 'cost'),
        })),
      },
      entries: entries.map((entry, place): HistoryEntry => {
        if (entry.type === 'rebuilt' || entry.decided === null) return entry
        const facts = entry.decided.facts
          .slice(0, 1 - place)
          .map((fact) => ({ ...fact, ready: fact.ready.filter((field) => field !== 'cost') }))
        return { ...entry, decided: { ...entry.decided, rules: RULES_VERSION - 1, facts } }
      }),
    }))
    const found = { rebuilt: 1, corrected: 0, neverHandedOut: 2 }
    expect(await tracker.rebuild()).toMatchObject(found)
    expect(await tracker.rebuild({ write: true })).toMatchObject(found)
    expect(await tracker.rebuild({ write: true })).toMatchObject({ rebuilt: 0, neverHandedOut: 0 })
    const heard: string[] = []
    const consumer = tracker.consume('billing', ({ key }) => void heard.push(key), {
      ...{ from: 'start', when: [ready('cost'), corrected('cost')] },
    })
    await consumer.idle()
    await consumer.stop()
    expect(heard).toEqual([])
  })

  test('takes today what is an option', async () => {
    const { store, tracker, tell, row } = openTracker()
    await tell('ringing')
    await tell('completed')
    const other = createTracker({
      ...{ store, providers: tracker.providers, dataBudgetsMs: { bolna: 5 } },
      expects: { bolna: ['extraction'] },
    })
    expect(await other.rebuild({ write: true })).toMatchObject({ rebuilt: 1, corrected: 0 })
    const [, ended] = await tracker.history(REF)
    expect(await row()).toMatchObject({
      dataDueAt: (ended?.receivedAt ?? 0) + 5,
      attempts: [{ missing: ['durationMs', 'cost', 'extraction'] }],
    })
    expect(await other.rebuild({ write: true })).toMatchObject({ rebuilt: 0 })
    expect(await tracker.rebuild()).toMatchObject({ rebuilt: 1 })
  })

  test('tries again where the call is written to meanwhile', async () => {
    const memory = createMemoryStore()
    const { tell, tracker, row } = openTracker({ store: memory })
    await tell('completed')
    let races = 3
    const store: Store = {
      ...memory,
      async append(writes, options) {
        if (races-- > 0) await tell('ringing', { updated_at: new Date(races).toISOString() })
        return memory.append(writes, options)
      },
    }
    // By its options every row of the others is another one.
    const { tracker: rebuilding } = openTracker({ store, expects: { bolna: ['extraction'] } })
    expect(await rebuilding.rebuild({ write: true })).toMatchObject({ calls: 1, rebuilt: 1 })
    const types = (await tracker.history(REF)).map(({ type }) => type)
    expect(types).toEqual(['event', 'event', 'event', 'event', 'rebuilt'])
    expect((await row())?.attempts[0]?.missing).toContain('extraction')
    expect(await rebuilding.rebuild()).toMatchObject({ rebuilt: 0 })
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('leaves alone what a later release has folded', async () => {
    const { store, tracker, tell } = openTracker()
    await tell('completed', COST)
    await overwrite(store, ({ row }) => ({ row: { ...otherCost(row), rules: RULES_VERSION + 1 } }))
    expect(await tracker.rebuild({ write: true })).toMatchObject({ calls: 1, rebuilt: 0 })
  })

  test('leaves calls alone whose provider it was not given, and tells how far it is', async () => {
    const { store, tell, row } = openTracker()
    await tell('completed', COST)
    await overwrite(store, ({ row }) => ({ row: otherCost(row) }))
    const before = await row()
    const other = createTracker({ store, providers: [dialgen] })
    const progress: number[] = []
    const onProgress = (calls: number) => void progress.push(calls)
    expect(await other.rebuild({ write: true, onProgress })).toEqual({
      ...{ calls: 1, unchecked: 1, rebuilt: 0, corrected: 0, neverHandedOut: 0 },
    })
    expect(progress).toEqual([1])
    expect(await row()).toEqual(before)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(other.rebuild({ write: true, signal })).rejects.toThrow('enough')
  })
})

describe('a call of release 0.1', () => {
  test('that is rebuilt hands nothing out', async () => {
    const { store, tracker, tell, row } = openTracker()
    await tell('ringing')
    await tell('completed', { ...COST, retry_count: 0 })
    await tell('no-answer', { total_cost: null, retry_count: 1 })
    const own = await row()
    await overwrite(store, ({ entries }) => asOf01(entries))
    const none = { rebuilt: 1, corrected: 0, neverHandedOut: 0 }
    expect(await tracker.rebuild({ write: true })).toMatchObject(none)
    const history = await tracker.history(REF)
    expect(history.map(({ decided }) => decided?.facts)).toEqual([
      undefined,
      undefined,
      undefined,
      [],
    ])
    const said = (attempts: TrackedCall['attempts']) =>
      attempts.map(({ end, missing, readyFields }) => ({ end, missing, readyFields }))
    expect(said((await row())?.attempts ?? [])).toEqual(said(own?.attempts ?? []))
    expect(await tracker.rebuild({ write: true })).toMatchObject({ rebuilt: 0 })
    expect(await tracker.verify()).toMatchObject({ olderRules: 3, differences: [] })
  })

  test('is folded anew with its next message, and what was there before is not ready again', async () => {
    const { store, tracker, tell, row } = openTracker()
    await tell('completed', { ...COST, updated_at: '2026-01-26T10:00:00Z' })
    await overwrite(store, ({ entries }) => asOf01(entries))
    await tell('in-progress')
    await tell('completed', { ...COST, total_cost: 23, updated_at: '2026-01-26T11:00:00Z' })
    const [, moved, corrected] = await tracker.history(REF)
    expect(moved?.decided).toMatchObject({ rules: RULES_VERSION, facts: [] })
    expect(corrected?.decided?.facts).toMatchObject([
      { ready: [], corrected: [{ field: 'cost', before: cents(22), now: cents(23) }] },
    ])
    expect(await row()).toMatchObject({ rules: RULES_VERSION, events: 3 })
    expect(await tracker.verify()).toMatchObject({ olderRules: 1, differences: [] })
  })

  test('says of its entries what they decided by folding them', async () => {
    const { store, tracker, tell } = openTracker()
    await tell('ringing')
    await tell('completed', COST)
    const own = await tracker.history(REF)
    await overwrite(store, ({ entries }) => asOf01(entries))
    const heard: unknown[] = []
    const consumer = tracker.consume('billing', (change) => void heard.push(change.facts), {
      from: 'start',
      when: (change) => change.facts.length > 0,
    })
    await consumer.idle()
    await consumer.stop()
    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatchObject([{ ready: own[1]?.decided?.facts[0]?.ready }])
  })
})
