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

/** A copy of plain data with another value at one path, as whoever has the file can write it. */
function withAt<Value>(value: Value, path: string, to: unknown): Value {
  const copy: Value = JSON.parse(JSON.stringify(value))
  const names = path.split('.')
  const last = names.pop() ?? ''
  const holder = names.reduce<unknown>((part, name) => Reflect.get(Object(part), name), copy)
  if (Reflect.get(Object(holder), last) === undefined) throw new Error(`Nothing is at ${path}.`)
  Reflect.set(Object(holder), last, to)
  return copy
}

async function twoMessages() {
  const opened = openTracker()
  await opened.send(JSON.stringify({ id: 'c-1', status: 'ringing' }))
  await opened.send(JSON.stringify(BODY))
  return opened
}

const OTHERWISE = 'the replay decides otherwise about event 2'
const OTHER_FACTS = 'event 2 says other final data than the replay'
const OTHER_DATA = 'the replay of the history gives other final data'
const OTHER_STANDING = 'the replay of the history gives another status, attempt or outcome'
const NOT_AS_SAID = 'the row is not as event 2 says'

describe('verify looks at all that consumers and readers are told', () => {
  test.each([
    ['the cost of a fact', '1.decided.facts.0.finalData.cost.amount', 2, OTHER_FACTS],
    ['what became ready', '1.decided.facts.0.ready', ['durationMs'], OTHER_FACTS],
    ['the attempt of a fact', '1.decided.facts.0.attempt', 2, OTHER_FACTS],
    ['facts that are gone', '1.decided.facts', [], OTHER_FACTS],
    ['the status decided', '1.decided.status', 'busy', OTHERWISE],
    ['the attempt decided', '1.decided.attempt', 2, OTHERWISE],
    ['the attempt of the message', '1.decided.of', 2, OTHERWISE],
    ['the outcome decided', '1.decided.outcome', 'unreached', OTHERWISE],
    ['the kind of the decision', '1.decision.kind', 'late', OTHERWISE],
    ['the status of the decision', '1.decision.status', 'busy', OTHERWISE],
    ['the attempt of the decision', '1.decision.attempt', 9, OTHERWISE],
    ['what the row does not say either', '1.decided.settled', false, NOT_AS_SAID],
  ])('in an entry: %s', async (_, path, to, message) => {
    const { store, tracker } = await twoMessages()
    await overwrite(store, ({ entries }) => ({ entries: withAt(entries, path, to) }))
    expect((await tracker.verify()).differences).toEqual([{ ...REF, message }])
  })

  test.each([
    ['the cost', 'attempts.0.said.0.fields.cost.value.amount', 2, OTHER_DATA],
    ['what was said', 'attempts.0.said', [], OTHER_DATA],
    ['the end', 'attempts.0.end', 'busy', OTHER_DATA],
    ['when it ended', 'attempts.0.endedAt', 5, OTHER_DATA],
    ['what is final', 'attempts.0.finalFields', [], OTHER_DATA],
    ['what was handed out', 'attempts.0.readyFields', [], OTHER_DATA],
    ['whether it can be asked for', 'attempts.0.isAskable', false, OTHER_DATA],
    ['attempts that are gone', 'attempts', [], OTHER_DATA],
    ['the status', 'status', 'busy', OTHER_STANDING],
    ['the attempt', 'attempt', 2, OTHER_STANDING],
    ['the outcome', 'outcome', 'unreached', OTHER_STANDING],
    ['settled', 'settled', false, NOT_AS_SAID],
    ['when it is due', 'dueAt', 5, NOT_AS_SAID],
    ['when data are due', 'dataDueAt', 5, NOT_AS_SAID],
  ])('in the row: %s', async (_, path, to, message) => {
    const { store, tracker } = await twoMessages()
    await overwrite(store, ({ row }) => ({ row: withAt(row, path, to) }))
    expect((await tracker.verify()).differences).toEqual([{ ...REF, message }])
  })

  test('another cost in what was read from the message', async () => {
    const { store, tracker } = await twoMessages()
    await overwrite(store, ({ entries }) => ({
      entries: withAt(entries, '1.event.final.cost.amount', 2),
    }))
    expect((await tracker.verify()).differences).toHaveLength(1)
  })

  test('of a call that was forgotten what forgetting leaves', async () => {
    const { store, tracker } = await twoMessages()
    await tracker.forget(REF)
    expect((await tracker.verify()).differences).toEqual([])
    const cost = '1.decided.facts.0.finalData.cost.amount'
    await overwrite(store, ({ entries }) => ({ entries: withAt(entries, cost, 2) }))
    expect((await tracker.verify()).differences).toEqual([{ ...REF, message: OTHER_FACTS }])
  })

  test('of a call that was rebuilt the facts before it, and the row after it', async () => {
    const opened = await twoMessages()
    const { store, tracker, send } = opened
    const other = createTracker({
      ...{ store, providers: [bolna], expects: { bolna: ['extraction'] } },
    })
    await other.rebuild({ write: true })
    await send(JSON.stringify({ ...BODY, total_cost: 23, updated_at: '2026-01-26T10:00:01Z' }))
    expect((await tracker.verify()).differences).toEqual([])
    const whole = await store.history(REF)
    const message = { before: OTHER_FACTS, after: OTHER_DATA }
    const cost = '1.decided.facts.0.finalData.cost.amount'
    await overwrite(store, ({ entries }) => ({ entries: withAt(entries, cost, 2) }))
    expect((await tracker.verify()).differences).toEqual([{ ...REF, message: message.before }])
    await overwrite(store, ({ row }) => ({
      ...{ row: withAt(row, 'attempts.0.readyFields', ['durationMs']), entries: whole },
    }))
    expect((await tracker.verify()).differences).toEqual([{ ...REF, message: message.after }])
  })
})
