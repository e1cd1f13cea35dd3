import { once } from 'node:events'
import { createInspector, createWebSocketInspector } from '@statelyai/inspect'
import { createInspectorServer } from '@statelyai/inspect/server'
import { CALL_STATUSES, EMPTY_CALL, replay } from 'callstate'
import { callMachine, createCallMachine, snapshotAt } from 'callstate/machine'
import { dialgen } from 'callstate/providers/dialgen'
import { expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createActor, createMachine } from 'xstate'
import { startInspector } from '../index.ts'
import { createBoard } from '../internal/index.ts'
import { REDACTED, redactInspection } from '../redact/index.ts'
import { ask, countsIn, openPage, rowsIn } from '../serve/inspector.fixture.ts'
import type { CallDetail, PayloadDetail } from '../wire.ts'
import { actorsSource } from '../xstate.ts'
import { drive, freePort, PERSONAL, wiretap } from './actors.fixture.ts'

test('actors attach over the real protocol: definition, states, events and rejections are shown', async () => {
  await using inspector = await startInspector({ source: actorsSource() })
  const stately = createWebSocketInspector({
    url: inspector.attachUrl,
    serialize: redactInspection,
  })
  drive(stately.inspect)
  await using page = await openPage(inspector.url)
  await page.until((heard) => countsIn(heard)?.events === 9)
  stately.stop()

  expect(page.heard[0]).toMatchObject({
    name: 'hello',
    data: { version: 1, source: { kind: 'actors', name: 'XState actors' }, speed: 1 },
  })
  const rows = [...rowsIn(page.heard).values()]
  expect(rows).toMatchObject([
    { provider: 'call', status: 'busy', settled: true, events: 6, findings: 2, attempt: 1 },
    { provider: 'other', status: null, settled: true, events: 3 },
  ])
  expect(rows[1]?.callId).toMatch(/^\[redacted\] x:\d+ · over$/)
  expect(countsIn(page.heard)).toMatchObject({
    calls: 2,
    settled: 2,
    statuses: { busy: 1 },
    moves: { 'queued>initiated': 1, 'initiated>ringing': 1, 'ringing>busy': 1 },
    conflicts: {},
  })

  const path = `api/calls/${encodeURIComponent(rows[0]?.key ?? '')}`
  const { events, total } = await ask<CallDetail>(inspector.url, path)
  expect(total).toBe(6)
  expect(events.map(({ event, refused, message }) => [event?.status, refused, message])).toEqual([
    ['queued', undefined, 'the call began with queued'],
    ['initiated', undefined, 'moved from queued to initiated'],
    ['queued', 'goes-back', 'the attempt has passed it'],
    ['ringing', undefined, 'moved from initiated to ringing'],
    ['completed', 'skips-ahead', 'other statuses come first'],
    ['busy', undefined, 'moved from ringing to busy'],
  ])
  // What folding gives is what the machine says.
  const accepted = events.filter(({ refused }) => refused === undefined)
  expect(replay(accepted.flatMap(({ event }) => event ?? [])).call.status).toBe('busy')

  const first = await ask<PayloadDetail>(inspector.url, `${path}/events/1`)
  const { states } = (first.payload as { definition: { states: object } }).definition
  expect(Object.keys(states).toSorted()).toEqual([...CALL_STATUSES].toSorted())
  const second = await ask<PayloadDetail>(inspector.url, `${path}/events/2`)
  expect(second.payload).toEqual({
    type: 'initiated',
    occurredAt: 1_767_261_600_000,
    transcript: REDACTED,
    to_number: REDACTED,
  })
  const others = await ask<PayloadDetail>(
    inspector.url,
    `api/calls/${encodeURIComponent(rows[1]?.key ?? '')}/events/1`,
  )
  expect(others.payload).toMatchObject({
    definition: { id: 'crm', states: { talking: {}, over: { type: 'final' } } },
  })
})

test('no phone number and no word that was said is on the wire, and every message is what XState sent', async () => {
  await using inspector = await startInspector({ source: actorsSource() })
  await using tap = await wiretap(inspector.attachUrl)
  const stately = createWebSocketInspector({ url: tap.url, serialize: redactInspection })
  drive(stately.inspect)
  await using page = await openPage(inspector.url)
  await page.until((heard) => countsIn(heard)?.events === 9)
  stately.stop()

  expect(tap.wire.filter((text) => PERSONAL.test(text))).toEqual([])
  const messages = tap.wire.map((text) => JSON.parse(text))
  const told = (session: string) =>
    messages
      .filter(({ sessionId }) => sessionId === session)
      .map(({ type, event, snapshot }) => [type, event?.type, snapshot?.value])
  const [call, own] = messages.filter(({ type }) => type === '@xstate.actor')
  expect(call).toMatchObject({ name: 'call', rootId: call.sessionId })
  expect(Object.keys(JSON.parse(call.definition).states)).toHaveLength(16)
  expect(own).toMatchObject({
    name: REDACTED,
    snapshot: { context: { phone: REDACTED, tries: 2 } },
  })
  expect(told(call.sessionId)).toEqual([
    // It carries a later snapshot than the first.
    ['@xstate.actor', undefined, 'busy'],
    ['@xstate.event', 'xstate.init', undefined],
    ['@xstate.snapshot', 'xstate.init', 'queued'],
    ['@xstate.event', 'initiated', undefined],
    ['@xstate.snapshot', 'initiated', 'initiated'],
    ['@xstate.event', 'queued', undefined],
    ['@xstate.snapshot', 'queued', 'initiated'],
    ['@xstate.event', 'ringing', undefined],
    ['@xstate.snapshot', 'ringing', 'ringing'],
    ['@xstate.event', 'completed', undefined],
    ['@xstate.snapshot', 'completed', 'ringing'],
    ['@xstate.event', 'busy', undefined],
    ['@xstate.snapshot', 'busy', 'busy'],
  ])
  const end = messages.find(
    ({ type, event }) => type === '@xstate.snapshot' && event.type === 'end',
  )
  expect(end).toMatchObject({
    event: { number: REDACTED },
    snapshot: { status: 'done', value: 'over', output: { transcript: REDACTED, digits: REDACTED } },
  })
})

test("the same arrives through Stately's own relay, redacted", async () => {
  const port = await freePort()
  const relay = createInspectorServer({ port, autoOpen: false })
  const stately = createWebSocketInspector({
    url: `ws://127.0.0.1:${port}`,
    serialize: redactInspection,
  })
  const receiver = new WebSocket(`ws://127.0.0.1:${port}`)
  await once(receiver, 'open')
  const received: string[] = []
  const isOver = new Promise<void>((resolve) => {
    receiver.on('message', (data) => {
      const text = data.toString()
      received.push(text)
      if (/"type":"end".*"snapshot"|"snapshot".*"type":"end"/.test(text)) resolve()
    })
  })
  drive(stately.inspect)
  await isOver
  stately.stop()
  receiver.terminate()
  relay.stop()
  const types = received.map((text) => JSON.parse(text).type)
  expect(types.filter((type) => type === '@xstate.actor')).toHaveLength(2)
  expect(received.filter((text) => PERSONAL.test(text))).toEqual([])
})

test('what an actor sends unredacted is redacted before it is kept', async () => {
  await using inspector = await startInspector({ source: actorsSource() })
  await using tap = await wiretap(inspector.attachUrl)
  const stately = createWebSocketInspector({ url: tap.url })
  drive(stately.inspect)
  await using page = await openPage(inspector.url)
  await page.until((heard) => countsIn(heard)?.events === 9)
  stately.stop()
  expect(tap.wire.filter((text) => PERSONAL.test(text)).length).toBeGreaterThan(5)
  const texts = [JSON.stringify(page.heard)]
  for (const key of rowsIn(page.heard).keys()) {
    const path = `api/calls/${encodeURIComponent(key)}`
    const { events } = await ask<CallDetail>(inspector.url, path)
    texts.push(JSON.stringify(events))
    for (const { sequence } of events) {
      texts.push(JSON.stringify(await ask(inspector.url, `${path}/events/${sequence}`)))
    }
  }
  expect(texts).toHaveLength(12)
  expect(texts.filter((text) => PERSONAL.test(text))).toEqual([])
})

test('an event after the end, a restored start and exchanged guards are told rightly', async () => {
  const source = actorsSource({ now: () => 1000 })
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  const connection = source.attach?.()
  const { inspect } = createInspector(
    { send: (message) => connection?.receive(JSON.stringify(message)) },
    { serialize: redactInspection },
  )
  const strict = callMachine.provide({ guards: { notOlder: () => false } })
  const refusing = createActor(strict, { inspect }).start()
  refusing.send({ type: 'initiated' })
  const restored = createActor(callMachine, {
    inspect,
    snapshot: snapshotAt('ringing', { direction: 'inbound', attempt: 2 }),
  }).start()
  restored.send({ type: 'busy', occurredAt: 5 })
  // The messages leave one by one, each in a turn of its own.
  while (board.counts().events < 4) await new Promise((resolve) => setImmediate(resolve))

  const details = await Promise.all([...board.rows()].map(({ key }) => source.detail(key, 10)))
  const told = details.map((detail) => [
    detail?.row.status,
    detail?.row.attempt,
    detail?.events.map(({ event, refused }) => [event?.status, refused ?? 'accepted']),
  ])
  expect(told).toEqual([
    [
      'queued',
      1,
      [
        ['queued', 'accepted'],
        ['initiated', 'guard'],
      ],
    ],
    [
      'busy',
      2,
      [
        ['ringing', 'accepted'],
        ['busy', 'accepted'],
      ],
    ],
  ])
  const ended = [...board.rows()][1]?.key.split(':').slice(1).join(':') ?? ''
  connection?.receive(
    JSON.stringify({ type: '@xstate.event', sessionId: ended, event: { type: 'ringing' } }),
  )
  expect([...board.rows()][1]).toMatchObject({ status: 'busy', findings: 1, events: 3 })
})

test('what is no message is passed over, and what is kept stays bounded', async () => {
  const limits = {
    actors: 3,
    eventsPerActor: 4,
    events: 10,
    definitions: 1,
    payloadCharacters: 300,
  }
  const source = actorsSource({ limits })
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  const connection = source.attach?.()
  for (const text of [
    '',
    '[]',
    'null',
    '{}',
    '{"type":"@xstate.actor"}',
    '{"type":7,"sessionId":8}',
    '{"type":"@xstate.microstep","sessionId":"x:0","__proto__":{},"id":{"toString":0}}',
  ]) {
    connection?.receive(text)
  }
  connection?.receive('{"type":"@xstate.microstep","sessionId":"x:0"}')
  expect(board.size).toBe(0)

  const send = (message: object) => connection?.receive(JSON.stringify(message))
  for (let actor = 0; actor < 10; actor++) {
    const sessionId = `x:${actor}`
    const definition = JSON.stringify({ id: `m${actor % 2}`, states: { a: {} } })
    send({ type: '@xstate.actor', sessionId, name: 'm', definition, snapshot: { value: 'a' } })
    for (let n = 0; n < 50; n++) {
      send({ type: '@xstate.event', sessionId, event: { type: 'go', data: ['a'.repeat(n * 20)] } })
    }
  }
  expect([...board.rows()].map(({ callId }) => callId)).toEqual(['m x:8 · a', 'm x:9 · a'])
  const key = [...board.rows()].at(-1)?.key ?? ''
  const detail = await source.detail(key, 100)
  expect(detail?.total).toBe(51)
  expect(detail?.before).toEqual(EMPTY_CALL)
  expect(detail?.events.map(({ sequence }) => sequence)).toEqual([48, 49, 50, 51])
  expect(await source.payload(key, 51)).toEqual({ payload: { type: 'go' } })
  expect(await source.payload(key, 1)).toBeNull()

  const value = Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`part${n}`, 'busy']))
  send({ type: '@xstate.snapshot', sessionId: 'x:9', event: { type: 'go' }, snapshot: { value } })
  expect([...board.rows()].at(-1)?.callId).toMatch(/^m x:9 · \{"part0":"busy",.{44}…$/)
})

test('an actor of a machine made for a provider is a call, judged by that provider’s own moves', async () => {
  const { board, source, inspect } = await attachedBoard()
  const actor = createActor(createCallMachine(dialgen), { inspect }).start()
  for (const type of ['initiated', 'ringing', 'balance-low'] as const) actor.send({ type })
  await vi.waitFor(() => expect(board.counts().events).toBe(4))
  const [row] = board.rows()
  expect(row).toMatchObject({ provider: 'call', status: 'balance-low', settled: true, findings: 1 })
  expect(board.counts()).toMatchObject({
    moves: { 'queued>initiated': 1, 'initiated>balance-low': 1 },
    conflicts: {},
  })
  const detail = await source.detail(row?.key ?? '', 10)
  expect(
    detail?.events.map(({ event, refused, message }) => [event?.status, refused, message]),
  ).toEqual([
    ['queued', undefined, 'the call began with queued'],
    ['initiated', undefined, 'moved from queued to initiated'],
    ['ringing', 'provider-lacks', 'the provider has no word for it'],
    ['balance-low', undefined, 'moved from initiated to balance-low'],
  ])
})

test('a move that one provider has beside all those of the table is legal in its machine', async () => {
  const own = { from: 'in-progress', to: 'busy', mark: 'inferred', source: null } as const
  const { board, inspect } = await attachedBoard()
  const actor = createActor(createCallMachine({ moves: [own] }), { inspect }).start()
  for (const type of ['initiated', 'in-progress', 'busy'] as const) actor.send({ type })
  await vi.waitFor(() => expect(board.counts().events).toBe(4))
  expect([...board.rows()]).toMatchObject([{ status: 'busy', settled: true, findings: 0 }])
  expect(board.counts()).toMatchObject({ moves: { 'in-progress>busy': 1 }, conflicts: {} })
})

test('a machine is a call where it is named so and has no state but statuses, or has all of them', async () => {
  const filed = async (id: string, states: readonly string[]) => {
    const { board, inspect } = await attachedBoard()
    const config = {
      id,
      initial: states[0],
      states: Object.fromEntries(states.map((s) => [s, {}])),
    }
    createActor(createMachine(config), { inspect }).start()
    await vi.waitFor(() => expect(board.size).toBe(1))
    return [...board.rows()].map(({ provider }) => provider)
  }
  expect(await filed('call', ['ringing', 'busy'])).toEqual(['call'])
  expect(await filed('call', ['ringing', 'busy', 'dialing'])).toEqual(['other'])
  expect(await filed('phone', ['ringing', 'busy'])).toEqual(['other'])
  expect(await filed('phone', CALL_STATUSES.slice(1))).toEqual(['other'])
  expect(await filed('phone', CALL_STATUSES)).toEqual(['call'])
})

/** A source of actors on a board, and what `createActor` is given to attach to it without a network. */
async function attachedBoard() {
  const source = actorsSource()
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  const connection = source.attach?.()
  const { inspect } = createInspector({
    send: (message) => connection?.receive(JSON.stringify(message)),
  })
  return { board, source, inspect }
}
