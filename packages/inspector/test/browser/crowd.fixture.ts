import { type CallStatus, replay } from 'callstate'
import type { Board } from '../../src/board.ts'
import { eventItemOf } from '../../src/call-detail.ts'
import { boardCallOf } from '../../src/call-row.ts'
import { type Inspector, startInspector } from '../../src/index.ts'
import { knownCall } from '../../src/known-call.fixture.ts'
import { buildPage } from './built-page.fixture.ts'

/** Calls that live as fast as a test wants. */
export interface Crowd extends AsyncDisposable {
  readonly inspector: Inspector
  /** Makes so many events a second, of one call after another, until it is stopped. */
  send(eventsPerSecond: number): { stop(): void; readonly sent: () => number }
}

const DAY = Date.UTC(2026, 0, 5, 15)
const SECOND_MS = 1000
/** How often events are made: some at once, as they come from webhooks. */
const EVERY_MS = 10

const EVENTS_OF_STORIES = (
  [
    ['queued', 'initiated', 'ringing', 'in-progress', 'call-disconnected', 'completed'],
    ['queued', 'initiated', 'ringing', 'no-answer'],
    ['queued', 'initiated', 'busy', 'completed'],
    ['queued', 'failed'],
  ] satisfies CallStatus[][]
).map((statuses) => {
  return statuses.map((status, place) => ({ status, occurredAt: DAY + place * SECOND_MS }))
})

/** A call after each event of its story. */
const STORIES = EVENTS_OF_STORIES.map((events) =>
  events.map((_, place) => knownCall(events.slice(0, place + 1))),
)

/** What every call shows when it is opened. */
const EVENTS = replay(EVENTS_OF_STORIES[0] ?? []).history.map((heard, place) =>
  eventItemOf({ ...heard, sequence: place + 1, receivedAt: DAY, kind: null, hasPayload: false }),
)

/** An inspector over calls of which every one goes through its story again and again. */
export async function startCrowd(calls: number): Promise<Crowd> {
  await buildPage()
  const heard = new Map<string, number>()
  let board: Board | null = null
  let now = DAY

  const put = (place: number) => {
    const callId = `call-${String(place).padStart(6, '0')}`
    const events = (heard.get(callId) ?? 0) + 1
    heard.set(callId, events)
    const story = STORIES[place % STORIES.length] ?? []
    const known = story[(events - 1) % story.length]
    if (known === undefined) return
    const provider = place % 3 === 0 ? 'dialgen' : 'bolna'
    const times = { firstReceivedAt: DAY, lastReceivedAt: now }
    board?.put(boardCallOf({ ...known, provider, callId, events, ...times }), 1)
  }
  const source = {
    kind: 'tracker' as const,
    name: 'a crowd',
    providers: ['bolna', 'dialgen'].map((name) => ({ name, title: name })),
    speed: 1,
    now: () => now,
    async open(opened: Board) {
      board = opened
      for (let place = 0; place < calls; place++) put(place)
    },
    async detail(key: string) {
      const row = board?.get(key)
      return row === undefined ? null : { row, events: EVENTS, total: EVENTS.length }
    },
    payload: async () => null,
    async close() {},
  }
  const inspector = await startInspector({ source })
  return {
    inspector,
    send(eventsPerSecond) {
      const startedAt = performance.now()
      let sent = 0
      const timer = setInterval(() => {
        const passedMs = performance.now() - startedAt
        now = DAY + passedMs
        for (; sent < (passedMs / SECOND_MS) * eventsPerSecond; sent++) put((sent * 7919) % calls)
      }, EVERY_MS)
      return { stop: () => clearInterval(timer), sent: () => sent }
    },
    [Symbol.asyncDispose]: () => inspector.stop(),
  }
}
