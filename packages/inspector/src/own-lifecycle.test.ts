import { createTracker, type Tracker } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import type { CallEvent } from 'callstate'
import type { Provider } from 'callstate/providers'
import { dialgen } from 'callstate/providers/dialgen'
import { describe, expect, test } from 'vitest'
import { ACME_AT, acme, acmeForm } from './acme.fixture.ts'
import { type CallSource, type LoggedCall, logSource, trackerSource } from './index.ts'
import { createBoard } from './internal/index.ts'

const PHONE = '+12025550123'

/** One call as its provider tells it, message by message. */
interface Story {
  readonly callId: string
  readonly bodies: readonly unknown[]
}

/** The same story as a source tells it, with the board that it is on. */
async function onBoard(source: CallSource, { callId }: Story) {
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  const key = `${source.providers[0]?.name ?? 'acme'} ${callId}`
  const detail = await source.detail(key, 100)
  const { moves, conflicts } = board.counts()
  return { row: board.get(key), detail, moves, conflicts }
}

async function tracked(provider: Provider, { bodies }: Story): Promise<Tracker> {
  const tracker = createTracker({ store: createMemoryStore(), providers: [provider] })
  for (const body of bodies)
    expect(await tracker.ingest({ provider: provider.name, body })).toMatchObject({ ok: true })
  return tracker
}

function logged(provider: Provider, { callId, bodies }: Story): LoggedCall {
  const events = bodies.flatMap((body): readonly CallEvent[] => {
    const reading = provider.read({ body, kind: 'webhook' })
    return reading.ok && reading.type === 'events' ? reading.events : []
  })
  return { provider: provider.name, callId, entries: events.map((event) => ({ event })) }
}

/** A story in a tracker and in a log. */
const SOURCES: readonly {
  readonly name: string
  readonly open: (provider: Provider, story: Story) => Promise<CallSource>
}[] = [
  {
    name: 'a tracker',
    open: async (provider, story) =>
      trackerSource(await tracked(provider, story), { name: 'calls', providers: [provider] }),
  },
  {
    name: 'a log',
    open: async (provider, story) =>
      logSource({ name: 'a log', calls: [logged(provider, story)], providers: [provider] }),
  },
]

const OUT_OF_CREDITS: Story = {
  callId: 'call_123',
  bodies: [
    {
      message: 'Call initiated successfully',
      callId: 'call_123',
      contactId: 'k',
      status: 'ONGOING',
    },
    { event: 'call.failed', callId: 'call_123', status: 'FAILED', error: 'INSUFFICIENT_CREDITS' },
  ],
}

/** Acme hangs up by itself while somebody talks: a move that no other provider has. */
const CANCELED_IN_TALK: Story = {
  callId: 'a-1',
  bodies: ['QUEUED', 'DIALING', 'RINGING', 'TALKING', 'CANCELED'].map((word, place) =>
    acmeForm('a-1', word, place),
  ),
}

describe.each(SOURCES)('$name', ({ open }) => {
  test('a call of Dialgen that ran out of credits shows no conflict, for Dialgen says so by design', async () => {
    await using source = closing(await open(dialgen, OUT_OF_CREDITS))
    const { row, detail, moves, conflicts } = await onBoard(source, OUT_OF_CREDITS)
    expect(row).toMatchObject({ status: 'balance-low', findings: 0, settled: true, events: 2 })
    expect(moves).toEqual({ 'initiated>balance-low': 1 })
    expect(conflicts).toEqual({})
    expect(detail?.events.map(({ decision }) => decision?.kind)).toEqual(['advanced', 'advanced'])
    expect(detail?.lifecycle?.lacks).toContain('ringing')
  })

  test('a call of anybody’s provider is judged by that provider’s own lifecycle', async () => {
    await using source = closing(await open(acme, CANCELED_IN_TALK))
    expect(source.providers).toEqual([{ name: 'acme', title: 'Acme Calls' }])
    const { row, detail, moves, conflicts } = await onBoard(source, CANCELED_IN_TALK)
    expect(row).toMatchObject({
      key: 'acme a-1',
      provider: 'acme',
      callId: 'a-1',
      status: 'canceled',
      findings: 0,
      settled: true,
      events: 5,
    })
    expect(moves).toEqual({
      'queued>initiated': 1,
      'initiated>ringing': 1,
      'ringing>in-progress': 1,
      'in-progress>canceled': 1,
    })
    expect(conflicts).toEqual({})
    expect(detail?.events.map(({ event }) => event?.status)).toEqual([
      'queued',
      'initiated',
      'ringing',
      'in-progress',
      'canceled',
    ])
    expect(detail?.events.at(-1)?.message).toBe('moved from in-progress to canceled')
    // The page is told whose moves are legal, so that it names the same ones.
    expect(detail?.lifecycle?.moves).toContainEqual({
      from: 'in-progress',
      to: 'canceled',
      mark: 'stated',
      source: null,
    })
  })
})

test('without its provider the same story is judged by the table, and contradicts itself', async () => {
  const source = logSource({ name: 'a log', calls: [logged(acme, CANCELED_IN_TALK)] })
  const { row, detail, conflicts } = await onBoard(source, CANCELED_IN_TALK)
  expect(row).toMatchObject({ findings: 1 })
  expect(conflicts).toEqual({ 'in-progress>canceled': 1 })
  expect(detail?.lifecycle).toBeUndefined()
})

test('news that tell no status are shown as such, and are no part of what is known of the call', async () => {
  const story: Story = {
    callId: 'a-2',
    bodies: [
      acmeForm('a-2', 'RINGING', 1),
      {
        Kind: 'recording',
        CallId: 'a-2',
        Try: '1',
        At: String(ACME_AT + 60_000),
        EventId: 'a-2-recording',
        RecordingUrl: 'https://acme.example/r/1',
        From: PHONE,
      },
      acmeForm('a-2', 'COMPLETED', 2),
    ],
  }
  const tracker = await tracked(acme, story)
  await using source = closing(trackerSource(tracker, { name: 'calls', providers: [acme] }))
  const { row, detail } = await onBoard(source, story)
  expect(row).toMatchObject({ status: 'completed', findings: 0, events: 3 })
  expect(
    detail?.events.map(({ kind, decision, message }) => [kind, decision?.kind ?? null, message]),
  ).toEqual([
    ['webhook', 'advanced', 'the call began with ringing'],
    ['webhook', null, 'tells no status'],
    ['webhook', 'advanced', 'moved from ringing to completed'],
  ])
  const latest = await source.detail('acme a-2', 1)
  expect(latest?.before).toMatchObject({ status: 'ringing', unrecognized: [] })
  expect(JSON.stringify([row, detail])).not.toContain('2025550')
})

function closing(source: CallSource): CallSource & AsyncDisposable {
  return { ...source, [Symbol.asyncDispose]: () => source.close() }
}
