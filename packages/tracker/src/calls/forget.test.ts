import { describe, expect, test } from 'vitest'
import { finalDataOf } from './ledger.ts'
import { asOf01, openTracker, overwrite, REF } from './stored-call.fixture.ts'

const REASON = 'Ada hung up'

const ENDED = {
  total_cost: 22,
  conversation_duration: 30,
  transcript: 'user: my name is Ada',
  extracted_data: { name: 'Ada' },
  answered_by_voice_mail: false,
  telephony_data: { hangup_by: 'Callee', hangup_reason: REASON, recording_url: 'https://x.test/r' },
  updated_at: '2026-01-26T10:00:00Z',
}

describe('forget', () => {
  test('keeps cost, duration, who hung up and whether a machine answered, and nothing else', async () => {
    const { tracker, tell, row } = openTracker()
    await tell('completed', ENDED)
    const before = await row()
    const [ledger] = before?.attempts ?? []
    const known = ledger && finalDataOf(ledger)
    expect(known).toMatchObject({ reason: REASON, transcript: { pruned: false } })
    await tracker.forget(REF)
    const after = await row()
    const pruned = { pruned: true }
    const [bare] = after?.attempts ?? []
    expect(bare && finalDataOf(bare)).toEqual({
      ...known,
      reason: null,
      transcript: { ...known?.transcript, ...pruned },
      extraction: { ...known?.extraction, ...pruned },
      recording: { ...known?.recording, ...pruned },
    })
    // What was handed out stays handed out.
    expect(bare?.readyFields).toEqual(ledger?.readyFields)
    expect(bare?.missing).toEqual(ledger?.missing)
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('leaves no free text, and no digest of what was removed, in row, entries and facts', async () => {
    const { tracker, tell, row } = openTracker()
    await tell('completed', ENDED)
    const other = { ...ENDED, transcript: 'user: I am Ada', updated_at: '2026-01-26T11:00:00Z' }
    const telephony_data = { ...ENDED.telephony_data, hangup_reason: 'Ada left' }
    await tell('completed', { ...other, total_cost: 23, telephony_data })
    const before = await tracker.history(REF)
    expect(JSON.stringify(before)).toMatch(/Ada.*Ada left/)
    const digests = (await row())?.attempts.flatMap(({ said }) =>
      said.flatMap(({ fields }) => Object.values(fields).flatMap(({ digest }) => digest ?? [])),
    )
    expect(digests).toHaveLength(3)
    await tracker.forget(REF)
    const left = JSON.stringify([await row(), await tracker.history(REF)])
    expect(left).not.toMatch(/Ada|x\.test/)
    for (const gone of [...before.map(({ key }) => key), ...(digests ?? [])]) {
      expect(left).not.toContain(gone)
    }
    const [, corrected] = await tracker.history(REF)
    expect(corrected?.decided?.facts).toMatchObject([
      {
        finalData: { cost: { amount: 23 }, reason: null, transcript: { pruned: true } },
        corrected: [
          { field: 'cost', before: { amount: 22 }, message: corrected?.key },
          { field: 'transcript', before: { pruned: true }, now: { pruned: true } },
        ],
      },
    ])
  })

  test('lets what comes later correct the cost, and hands nothing out again', async () => {
    const { tracker, tell } = openTracker()
    await tell('completed', ENDED)
    await tracker.forget(REF)
    await tell('completed', { ...ENDED, total_cost: 23, updated_at: '2026-01-26T11:00:00Z' })
    const [, last] = await tracker.history(REF)
    expect(last).toMatchObject({ payload: null })
    expect(last?.decided?.facts).toMatchObject([
      { ready: [], corrected: [{ field: 'cost', now: { amount: 23 } }] },
    ])
    expect(last?.decided?.facts[0]?.corrected).toHaveLength(1)
    expect(JSON.stringify(last)).not.toContain('Ada')
    expect((await tracker.verify()).differences).toEqual([])
    expect(await tracker.rebuild()).toMatchObject({ rebuilt: 0 })
  })

  test('lets a record bring or correct the cost that says nothing else new', async () => {
    const { tracker, tell, row } = openTracker()
    await tell('completed', { ...ENDED, total_cost: null })
    await tracker.forget(REF)
    expect(await tell('completed', { ...ENDED, total_cost: null })).toMatchObject({
      repeated: true,
    })
    expect((await row())?.attempts).toMatchObject([{ missing: ['cost'] }])
    expect(await tell('completed', ENDED)).toMatchObject({ repeated: false, sequence: 2 })
    expect(await tell('completed', ENDED)).toMatchObject({ repeated: true })
    expect((await row())?.attempts).toMatchObject([{ missing: [] }])
    expect(await tell('completed', { ...ENDED, total_cost: 23 })).toMatchObject({ sequence: 3 })
    const facts = (await tracker.history(REF)).slice(1).map(({ decided }) => decided?.facts)
    expect(facts).toMatchObject([
      [{ ready: ['cost'], corrected: [] }],
      [{ ready: [], corrected: [{ before: { amount: 22 }, now: { amount: 23 } }] }],
    ])
    expect((await tracker.verify()).differences).toEqual([])
    expect(await tracker.rebuild()).toMatchObject({ rebuilt: 0 })
  })

  test('keeps the cost of a call of release 0.1, which stood in the message alone', async () => {
    const { store, tracker, tell, row } = openTracker()
    await tell('completed', ENDED)
    await overwrite(store, ({ entries }) => asOf01(entries))
    await tracker.forget(REF)
    expect(await tracker.forget(REF)).toBe(true)
    const [ledger] = (await row())?.attempts ?? []
    expect(ledger && finalDataOf(ledger)).toMatchObject({
      ...{ cost: { amount: 22 }, durationMs: 30_000, hangupBy: 'callee', reason: null },
      transcript: { pruned: true },
    })
    expect(JSON.stringify([await row(), await tracker.history(REF)])).not.toContain('Ada')
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('of a call that was rebuilt keeps what tells of it', async () => {
    const { store, tracker, tell } = openTracker()
    await tell('completed', ENDED)
    await overwrite(store, ({ entries }) => asOf01(entries))
    await tracker.rebuild({ write: true })
    await tracker.forget(REF)
    const types = (await tracker.history(REF)).map(({ type }) => type)
    expect(types).toEqual(['event', 'rebuilt'])
    expect((await tracker.verify()).differences).toEqual([])
  })
})
