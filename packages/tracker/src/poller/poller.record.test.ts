import { defineProvider, type Provider } from 'callstate/providers'
import { dialgen } from 'callstate/providers/dialgen'
import { describe, expect, it } from 'vitest'
import { ACME_AT, acme } from '../acme.fixture.ts'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { TrackerOptions } from '../tracker-options.ts'
import type { Fetcher } from './poller.ts'

const MINUTE_MS = 60_000

function setUp(provider: Provider, options: Partial<TrackerOptions> = {}) {
  const clock = { at: ACME_AT }
  const tracker = createTracker({
    store: createMemoryStore(),
    providers: [provider],
    now: () => clock.at,
    ...options,
  })
  const answers: unknown[] = []
  const fetcher: Fetcher = {
    provider: provider.name,
    perMinute: 1e9,
    fetch: async () => ({ kind: 'message', body: answers.shift() }),
  }
  const poller = tracker.poll({ fetchers: [fetcher], everyMs: null })
  return { clock, tracker, answers, poller }
}

describe('what is polled', () => {
  const record = { CallId: 'call-a', Status: 'RINGING', Try: 1, At: ACME_AT }
  const REF = { provider: 'acme', callId: 'call-a' }

  it('is stored as a record, and read by the provider once', async () => {
    const kinds: unknown[] = []
    const counted = defineProvider({
      ...acme,
      read(message) {
        kinds.push(message.kind)
        return acme.read(message)
      },
    })
    const { clock, tracker, answers, poller } = setUp(counted)
    await tracker.ingest({ provider: 'acme', kind: 'webhook', body: { Kind: 'status', ...record } })
    clock.at += 10 * MINUTE_MS
    answers.push({ ...record, Status: 'COMPLETED', At: ACME_AT + 5000 })
    expect(await poller.runOnce()).toMatchObject({ asked: 1, news: 1 })
    expect(kinds).toEqual(['webhook', 'record'])
    const events = (await tracker.history(REF)).map(({ event }) => event)
    expect(events.map((event) => event?.kind)).toEqual(['webhook', 'record'])
    expect((await tracker.verify()).differences).toEqual([])
    await tracker.close()
  })

  it('is nothing new where it was stored before, whatever it came as', async () => {
    const { clock, tracker, answers, poller } = setUp(acme)
    await tracker.ingest({ provider: 'acme', kind: 'list-item', body: record })
    clock.at += 10 * MINUTE_MS
    answers.push(record)
    expect(await poller.runOnce()).toMatchObject({ asked: 1, nothingNew: 1 })
    expect(await tracker.history(REF)).toHaveLength(1)
    await tracker.close()
  })

  it.each([
    ['data', { Kind: 'recording', CallId: 'call-a' }],
    ['a message that is not kept', { Kind: 'transcript', CallId: 'call-a' }],
    [
      'another call beside it',
      { Kind: 'status', CallId: ['call-a', 'call-b'], Status: ['BUSY', 'BUSY'] },
    ],
  ])('is refused where it is %s', async (_, body) => {
    const { clock, tracker, answers, poller } = setUp(acme)
    await tracker.ingest({ provider: 'acme', kind: 'webhook', body: record })
    clock.at += 10 * MINUTE_MS
    answers.push(body)
    expect(await poller.runOnce()).toMatchObject({ asked: 1, failed: 1 })
    expect((await tracker.list()).items).toMatchObject([{ callId: 'call-a', events: 1 }])
    await tracker.close()
  })
})

describe("a provider's habits", () => {
  it("a conversation of Dialgen's may last as long as dialing, ringing and talking", async () => {
    const { clock, tracker, poller } = setUp(dialgen)
    const body = { callId: 'd-1', status: 'ONGOING', startTime: new Date(ACME_AT).toISOString() }
    await tracker.ingest({ provider: 'dialgen', body })
    for (const minutes of [6, 60]) {
      clock.at = ACME_AT + minutes * MINUTE_MS
      expect((await tracker.overdue()).items).toEqual([])
      expect(await poller.runOnce()).toMatchObject({ asked: 0 })
    }
    clock.at = ACME_AT + 69 * MINUTE_MS
    expect((await tracker.overdue()).items).toMatchObject([{ callId: 'd-1' }])
    await tracker.close()
  })

  it('stand behind the options, and before the defaults of the library', async () => {
    const due = async (options: Partial<TrackerOptions>) => {
      const { tracker } = setUp(acme, options)
      const body = { CallId: 'call-a', Status: 'RINGING', Try: 1, At: ACME_AT }
      const result = await tracker.ingest({ provider: 'acme', body })
      await tracker.close()
      return result.ok && result.type === 'events' && Number(result.call.dueAt) - ACME_AT
    }
    expect(await due({})).toBe(90_000)
    expect(await due({ budgets: { ringing: 7 } })).toBe(7)
    expect(await due({ budgets: { ringing: 7 }, providerBudgets: { acme: { ringing: 8 } } })).toBe(
      8,
    )
    expect(await due({ budgets: { initiated: 7 } })).toBe(90_000)
  })

  it('say when a call is retried, unless the options do', async () => {
    const settled = async (options: Partial<TrackerOptions>, attempt: number) => {
      const { tracker } = setUp(acme, options)
      const body = { CallId: 'call-a', Status: 'BUSY', Try: attempt, At: ACME_AT }
      const result = await tracker.ingest({ provider: 'acme', body })
      await tracker.close()
      return result.ok && result.type === 'events' && result.call.settled
    }
    const once = { maxAttempts: 1, retryOn: [], retryOnVoicemail: false, delaysMs: [] }
    expect(await settled({}, 1)).toBe(false)
    expect(await settled({}, 2)).toBe(true)
    expect(await settled({ retryPolicies: { acme: once } }, 1)).toBe(true)
  })
})
