import { describe, expect, test } from 'vitest'
import {
  ACME_AT,
  acme,
  delivered,
  formOf,
  recordingForm,
  statusFields,
  statusForm,
} from '../acme.fixture.ts'
import type { Change } from '../calls/change.ts'
import type { ConsumedChange } from '../consumer/consumed-change.ts'
import { gained, ready, type When } from '../consumer/when.ts'
import { createTracker } from '../create-tracker.ts'
import { DEFAULTS } from '../defaults.ts'
import type { LogFields } from '../logger.ts'
import { createMemoryStore } from '../memory/index.ts'
import { createSqliteStore } from '../sqlite/index.ts'
import type { TrackerOptions } from '../tracker-options.ts'

const REF = { provider: 'acme', callId: 'call-a' }

function open(options: Partial<TrackerOptions> = {}) {
  const warned: { readonly fields: LogFields; readonly message: string }[] = []
  const quiet = () => {}
  const logger = {
    ...{ debug: quiet, info: quiet, error: quiet },
    warn: (fields: LogFields, message: string) => void warned.push({ fields, message }),
  }
  let clock = ACME_AT
  const tracker = createTracker({
    store: createMemoryStore(),
    providers: [acme],
    now: () => clock++,
    logger,
    ...options,
  })
  const send = (body: string) => tracker.ingest({ provider: 'acme', delivery: delivered(body) })
  return { tracker, warned, send }
}

const ringing = statusForm(statusFields('call-a', 'RINGING', 1))
const completed = statusForm([...statusFields('call-a', 'COMPLETED', 2), ['Price', '0.25']])
const recording = recordingForm('call-a', 'r1')

describe('a message that brings data and no status', () => {
  test('is an entry without a decision, and moves nothing', async () => {
    const { tracker, send } = open()
    await send(completed)
    const before = await tracker.get(REF)
    expect(await send(recording)).toMatchObject({
      ...{ ok: true, type: 'data', repeated: false, sequence: 2 },
      call: { status: 'completed', events: 2, settled: true },
    })
    const after = await tracker.get(REF)
    expect(after?.knowledge).toEqual(before?.knowledge)
    expect(after?.settled).toBe(before?.settled)
    const [, entry] = await tracker.history(REF)
    expect(entry).toMatchObject({
      ...{ sequence: 2, decision: null },
      event: {
        ...{ status: null, word: 'recording', kind: 'webhook', attempt: 1 },
        ...{ occurredAt: ACME_AT + 60_000, eventId: 'call-a-r1' },
      },
    })
    expect((await tracker.verify()).differences).toEqual([])
  })

  test("takes part in the call's data, and outweighs nothing that a status said", async () => {
    const { tracker, send } = open()
    await send(completed)
    await send(recording)
    const data = (await tracker.get(REF))?.data
    expect(data).toMatchObject({
      ...{ Price: '0.25', RecordingUrl: 'https://acme.example/r/r1' },
      ...{ EventId: 'call-a-e2', Kind: 'status' },
    })
  })

  test('is stored once, however often and wherever it comes', async () => {
    const store = createMemoryStore()
    const one = open({ store })
    const other = open({ store })
    await one.send(completed)
    await one.send(recording)
    const again = await Promise.all([one.send(recording), other.send(recording)])
    expect(again).toMatchObject([
      { type: 'data', repeated: true, sequence: null, call: { events: 2 } },
      { type: 'data', repeated: true, sequence: null, call: { events: 2 } },
    ])
    expect(await one.tracker.history(REF)).toHaveLength(2)
  })

  test('of a call that nobody knows is not kept, said in the log, and makes no call', async () => {
    const { tracker, warned, send } = open()
    const result = await send(recording)
    expect(result).toEqual({ ok: true, type: 'data', repeated: false, call: null, sequence: null })
    expect(await tracker.get(REF)).toBeNull()
    expect(warned).toEqual([
      {
        fields: { ...REF, word: 'recording' },
        message: 'Data was not kept: nothing was heard of its call.',
      },
    ])
    await send(ringing)
    expect(await send(recording)).toMatchObject({ sequence: 2 })
  })

  test('is kept of a call that another process has told of, known here or not', async () => {
    const store = createMemoryStore()
    const one = open({ store })
    const other = open({ store })
    expect(await other.send(recording)).toMatchObject({ call: null })
    await one.send(ringing)
    expect(await other.send(recording)).toMatchObject({ sequence: 2 })
    await one.send(completed)
    expect(await other.send(recordingForm('call-a', 'r2'))).toMatchObject({ sequence: 4 })
    expect((await one.tracker.verify()).differences).toEqual([])
  })

  test('in the same moment as the first status is kept where it came after it', async () => {
    const { tracker, send } = open()
    const [, kept] = await Promise.all([send(ringing), send(recording)])
    expect(kept).toMatchObject({ type: 'data', sequence: 2 })
    expect((await tracker.history(REF)).map(({ decision }) => decision?.kind)).toEqual([
      'advanced',
      undefined,
    ])
  })

  test.each([
    ['memory', () => createMemoryStore()],
    ['SQLite', () => createSqliteStore({ path: ':memory:' })],
  ])('is bounded by call, in a store of %s', async (_, makeStore) => {
    const store = makeStore()
    const { tracker, warned, send } = open({ store })
    await send(ringing)
    const { dataMessages } = DEFAULTS.intake
    for (let count = 1; count <= dataMessages; count++) {
      expect(await send(recordingForm('call-a', `r${count}`))).toMatchObject({
        sequence: count + 1,
      })
    }
    expect(warned).toEqual([])
    const beyond = recordingForm('call-a', 'one-too-many')
    const call = { events: dataMessages + 1, status: 'ringing' }
    expect(await send(beyond)).toMatchObject({
      type: 'data',
      repeated: false,
      sequence: null,
      call,
    })
    expect(warned).toMatchObject([{ message: expect.stringContaining('as many messages') }])
    // The bound is the call's, not the process's; what is known is known; statuses go on.
    const other = open({ store })
    expect(await other.send(beyond)).toMatchObject({ repeated: false, sequence: null })
    expect(await other.send(recordingForm('call-a', 'r1'))).toMatchObject({ repeated: true })
    expect(await other.send(completed)).toMatchObject({ call: { status: 'completed' } })
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('has a limit of its own where that is given', async () => {
    const { send } = open({ limits: { dataMessages: 1 } })
    await send(ringing)
    expect(await send(recordingForm('call-a', 'r1'))).toMatchObject({ sequence: 2 })
    expect(await send(recordingForm('call-a', 'r2'))).toMatchObject({ sequence: null })
  })

  test('is forgotten with its call, and what comes later is kept without its content', async () => {
    const { tracker, send } = open()
    await send(completed)
    await send(recording)
    expect(await tracker.forget(REF)).toBe(true)
    expect(await send(recording)).toMatchObject({ type: 'data', repeated: true })
    expect(await send(recordingForm('call-a', 'r2'))).toMatchObject({ type: 'data', sequence: 3 })
    const history = await tracker.history(REF)
    expect(history.map(({ payload }) => payload)).toEqual([null, null, null])
    expect((await tracker.verify()).differences).toEqual([])
  })
})

describe('what others hear of data', () => {
  test('a watcher gets a change without a decision', async () => {
    const { tracker, send } = open()
    const changes = tracker.watch()
    await send(ringing)
    await send(recording)
    await changes.next()
    const { value } = await changes.next()
    expect(value).toMatchObject({
      ...{ type: 'data', decision: null, sequence: 2, attempt: 1 },
      event: { status: null, word: 'recording' },
    })
    const { before, call } = value as Change
    expect(call).toEqual(before)
    await tracker.close()
  })

  test('a consumer gets it under every, and where it brings what is final of its attempt', async () => {
    const { tracker, send } = open()
    await send(completed)
    await send(recording)
    const heard: Record<string, (string | null)[]> = {}
    const filters: Readonly<Record<string, When>> = {
      ...{ every: 'every', advanced: 'advanced', settled: 'settled' },
      ...{ recorded: gained('recording'), ended: ready('recording'), priced: ready('cost') },
    }
    for (const [name, when] of Object.entries(filters)) {
      const kinds: (string | null)[] = []
      heard[name] = kinds
      const handler = ({ decision }: ConsumedChange) => void kinds.push(decision?.kind ?? null)
      await tracker.consume(name, handler, { when, from: 'start' }).idle()
    }
    expect(heard).toEqual({
      ...{ every: ['advanced', null], advanced: ['advanced'], settled: ['advanced'] },
      ...{ recorded: [null], ended: [null], priced: ['advanced'] },
    })
    const handed: ConsumedChange[] = []
    const handler = (change: ConsumedChange) => void handed.push(change)
    await tracker.consume('data', handler, { when: ready('recording'), from: 'start' }).idle()
    expect(handed).toMatchObject([
      {
        ...{ decision: null, attempt: 1 },
        data: { Price: '0.25', RecordingUrl: 'https://acme.example/r/r1' },
        finalData: {
          cost: { amount: 0.25 },
          recording: { sequence: 2, pointer: '/RecordingUrl', pruned: false },
        },
      },
    ])
    await tracker.close()
  })
})

describe('a message of a kind that is not kept', () => {
  test('leaves no trace', async () => {
    const { tracker, warned, send } = open()
    await send(ringing)
    const transcript = formOf([
      ['Kind', 'transcript'],
      ['CallId', 'call-a'],
      ['Text', 'Hello'],
    ])
    expect(await send(transcript)).toEqual({ ok: true, type: 'skip', word: 'transcript' })
    expect(await tracker.history(REF)).toHaveLength(1)
    expect(warned).toEqual([])
  })
})
