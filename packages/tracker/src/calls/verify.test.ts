import { RULES_VERSION } from 'callstate/internal'
import { bolna } from 'callstate/providers/bolna'
import { type BodyWriter, type Spelling, spelling, writeJson } from 'callstate/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTracker } from '../create-tracker.ts'
import { asOf01, digest, openTracker, overwrite, REF } from './stored-call.fixture.ts'
import type { HistoryEntry } from './tracked-call.ts'

const WRITERS = {
  javascript: true,
  python: true,
  'python-compact': true,
  php: true,
  go: true,
  java: true,
  gson: true,
  dotnet: true,
  indented: true,
} as const satisfies Record<BodyWriter, true>

/** What writers write in different ways. */
const BODY = {
  id: 'c-1',
  status: 'completed',
  updated_at: '2026-01-26T10:00:00Z',
  total_cost: 22,
  conversation_duration: 30,
  big: 1e16,
  small: 1e-7,
  telephony_data: { recording_url: 'https://x.test/r?a=1&b=<2>' },
  transcript: 'café €: a"b\'c \u2028',
}

describe('a body', () => {
  test.each(Object.keys(WRITERS) as BodyWriter[])(
    'of the writer %s is what was stored',
    async (writer) => {
      for (const floats of [false, true]) {
        const { tracker, send } = openTracker()
        const body = writeJson(BODY, { writer, turn: 0, floats })
        await send(body)
        // The same said by JavaScript is no news.
        expect(await send(JSON.stringify(BODY))).toMatchObject({ repeated: true })
        expect((await tracker.history(REF))[0]?.payload).toBe(body)
        expect(await tracker.verify()).toEqual({
          ...{ calls: 1, entries: 1, unchecked: 0, olderRules: 0 },
          differences: [],
        })
      }
    },
  )

  test('of any writer that was altered is found, wherever it was altered', async () => {
    const alteration = fc.record({
      field: fc.constantFrom('total_cost', 'transcript'),
      by: spelling(),
    })
    await fc.assert(
      fc.asyncProperty(spelling(), alteration, async (spelled: Spelling, { field, by }) => {
        const { store, tracker, send } = openTracker()
        await send(writeJson(BODY, spelled))
        const other = writeJson({ ...BODY, [field]: field === 'transcript' ? 'no' : 23 }, by)
        await overwrite(store, ({ entries }) => ({
          entries: entries.map((entry) => ({ ...entry, payload: other })),
        }))
        expect((await tracker.verify()).differences).toEqual([
          { ...REF, message: 'event 1 is not what was stored' },
        ])
      }),
    )
  })

  test('that holds more than JSON does is what was kept of it', async () => {
    const { tracker } = openTracker()
    const extracted_data = { at: new Date(0), n: Number.NaN, zero: -0, none: undefined }
    await tracker.ingest({ provider: 'bolna', body: { ...BODY, extracted_data } })
    expect((await tracker.verify()).differences).toEqual([])
    expect(await tracker.rebuild()).toMatchObject({ rebuilt: 0 })
  })

  test('that was redacted is checked as it was kept', async () => {
    const { tracker, store, send } = openTracker({ redact: () => ({ kept: 1 }) })
    await send(writeJson(BODY, { writer: 'php', turn: 0, floats: true }))
    expect((await tracker.verify()).differences).toEqual([])
    await overwrite(store, ({ entries }) => ({
      entries: entries.map((entry) => ({ ...entry, payload: '{"kept":2}' })),
    }))
    expect((await tracker.verify()).differences).toHaveLength(1)
  })
})

describe('what release 0.1 wrote', () => {
  const compact = writeJson(BODY, { writer: 'python-compact', turn: 0, floats: true })

  test.each([
    ['the text as it came', compact, (text: string) => digest(text)],
    ['its value', compact, () => digest(JSON.stringify(BODY))],
  ])('is accepted where its key is the digest of %s, and counted', async (_, body, keyOf) => {
    const { store, tracker, send } = openTracker()
    await send(body)
    await overwrite(store, ({ entries }) => asOf01(entries, keyOf))
    expect(await tracker.verify()).toEqual({
      ...{ calls: 1, entries: 1, unchecked: 0, olderRules: 1 },
      differences: [],
    })
    await overwrite(store, ({ entries }) => ({
      entries: entries.map((entry) => ({ ...entry, payload: compact.replace('22.0', '2.0') })),
    }))
    expect((await tracker.verify()).differences).toHaveLength(1)
  })

  test('of a redacted message has a key of the event too', async () => {
    const { store, tracker, send } = openTracker({ redact: () => ({ kept: 1 }) })
    await send(JSON.stringify({ ...BODY, retry_count: 1, hangup_reason: 'x' }))
    const event =
      '["c-1",2,"completed",false,1769421600000,[null,null,null,null,30000,null,null,null],null]'
    await overwrite(store, ({ entries }) => asOf01(entries, (kept) => digest(`${event}\n${kept}`)))
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('must hold what its history says, whatever rules decided', async () => {
    const { store, tracker, send } = openTracker()
    await send(compact)
    await overwrite(store, ({ entries }) => asOf01(entries, digest))
    await overwrite(store, ({ row }) => ({
      row: { knowledge: { ...row.knowledge, heard: [] } },
    }))
    expect((await tracker.verify()).differences).toEqual([
      { ...REF, message: 'the replay of the history gives another call' },
    ])
  })
})

describe('verify', () => {
  test('takes no decision of older rules for a difference, and counts it', async () => {
    const { store, tracker, send } = openTracker()
    await send(JSON.stringify({ id: 'c-1', status: 'ringing' }))
    await send(JSON.stringify(BODY))
    const decidedBy = (rules: number) =>
      overwrite(store, ({ entries }) => ({
        entries: entries.map((entry): HistoryEntry => {
          if (entry.type !== 'event' || entry.decided === null) return entry
          const { attempt, status } = { attempt: 1, status: 'ringing' as const }
          const decided = { ...entry.decided, rules }
          return { ...entry, decision: { kind: 'late', attempt, status }, decided }
        }),
      }))
    await decidedBy(RULES_VERSION - 1)
    expect(await tracker.verify()).toMatchObject({ entries: 2, olderRules: 2, differences: [] })
    await decidedBy(RULES_VERSION)
    expect((await tracker.verify()).differences).toEqual([
      { ...REF, message: 'the replay decides otherwise about event 1' },
    ])
  })

  test('finds a row with other final data than its history', async () => {
    const { store, tracker, send } = openTracker()
    await send(JSON.stringify(BODY))
    await overwrite(store, ({ row }) => ({
      row: { attempts: JSON.parse(JSON.stringify(row.attempts).replace('22', '23')) },
    }))
    expect((await tracker.verify()).differences).toEqual([
      { ...REF, message: 'the replay of the history gives other final data' },
    ])
  })

  test('finds an entry of which another cost is said than was handed out', async () => {
    const { store, tracker, send } = openTracker()
    await send(JSON.stringify(BODY))
    await overwrite(store, ({ entries }) => ({
      entries: JSON.parse(JSON.stringify(entries).replace('"amount":22', '"amount":2')),
    }))
    expect((await tracker.verify()).differences).toHaveLength(1)
  })

  test('does not mind other options', async () => {
    const { store, send } = openTracker()
    await send(JSON.stringify({ id: 'c-1', status: 'busy' }))
    await send(JSON.stringify({ ...BODY, total_cost: null }))
    const other = createTracker({
      ...{ store, providers: [bolna], budgets: { ringing: 1 }, expects: { bolna: ['extraction'] } },
      dataBudgetsMs: { bolna: 5 },
    })
    expect((await other.verify()).differences).toEqual([])
  })
})
