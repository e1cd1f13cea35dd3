import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { describe, expect, it } from 'vitest'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import { json, startApiServer } from '../poller/api-server.fixture.ts'
import { createFetcher } from '../poller/create-fetcher.ts'
import type { Store } from '../store.ts'
import { whenSettled } from './when-settled.ts'

const REF = { provider: 'bolna', callId: 'c-1' }
const policy = {
  maxAttempts: 2,
  retryOn: ['busy' as const],
  retryOnVoicemail: false,
  delaysMs: [1_000],
}
const trackerOn = (store = createMemoryStore()) =>
  createTracker({ store, providers: [bolna, dialgen], retryPolicies: { bolna: policy } })
const body = (status: string, retry_count = 0) => ({ id: 'c-1', status, retry_count })

/** The store, as one that cannot tell when another process has stored something. */
const deaf = (store: Store): Store => ({ ...store, onStored: () => () => {} })

describe('whenSettled', () => {
  it('resolves at once where the call is settled', async () => {
    const tracker = trackerOn()
    await tracker.ingest({ provider: 'bolna', body: body('completed') })
    const call = await tracker.whenSettled(REF)
    expect(call).toMatchObject({ ...REF, settled: true, status: 'completed' })
  })

  it('resolves as soon as this tracker stores the end, not before and for no other call', async () => {
    const tracker = trackerOn(deaf(createMemoryStore()))
    let settled: unknown = null
    const waiting = tracker.whenSettled(REF).then((call) => {
      settled = call
    })
    await tracker.ingest({ provider: 'bolna', body: body('ringing') })
    await tracker.ingest({ provider: 'bolna', body: { ...body('completed'), id: 'c-2' } })
    // An end that is retried settles nothing.
    await tracker.ingest({ provider: 'bolna', body: body('busy') })
    expect(settled).toBeNull()
    await tracker.ingest({ provider: 'bolna', body: body('busy', 1) })
    await waiting
    expect(settled).toMatchObject({ settled: true, status: 'busy', attempt: 2 })
  })

  it.each([
    ['that can tell', (store: Store) => store],
    ['that cannot tell', deaf],
  ])(
    'resolves within a second or so when another process has stored the end in a store %s',
    async (_, seen) => {
      const store = createMemoryStore()
      const waiting = trackerOn(seen(store)).whenSettled(REF)
      await new Promise(setImmediate)
      const begun = performance.now()
      await trackerOn(store).ingest({ provider: 'bolna', body: body('completed') })
      expect(await waiting).toMatchObject({ settled: true })
      expect(performance.now() - begun).toBeLessThan(5_000)
    },
  )

  it('does not wait for data that come after the end', async () => {
    const tracker = trackerOn()
    await tracker.ingest({ provider: 'bolna', body: body('completed') })
    const call = await tracker.whenSettled(REF)
    expect(call.dataDueAt).not.toBeNull()
  })

  it('rejects with the reason of the signal, before and while it waits', async () => {
    const tracker = trackerOn()
    const over = new AbortController()
    const waiting = tracker.whenSettled(REF, { signal: over.signal })
    over.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(tracker.whenSettled(REF, { signal: over.signal })).rejects.toThrow('enough')
  })

  it('rejects with the reason of the signal while the store does not answer', async () => {
    const over = new AbortController()
    const tracker = trackerOn({ ...createMemoryStore(), load: () => new Promise(() => {}) })
    const waiting = tracker.whenSettled(REF, { signal: over.signal })
    over.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  it("rejects with the store's error where the call cannot be read", async () => {
    const down = async () => {
      throw new Error('The store is down.')
    }
    const tracker = trackerOn({ ...createMemoryStore(), load: down })
    await expect(tracker.whenSettled(REF)).rejects.toThrow('The store is down.')
  })

  it('rejects when the tracker is closed', async () => {
    const tracker = trackerOn()
    const waiting = tracker.whenSettled(REF)
    const rejected = expect(waiting).rejects.toEqual(expect.objectContaining({ code: 'closed' }))
    await tracker.close()
    await rejected
  })

  it('listens no longer than it waits', async () => {
    const listeners = new Set<unknown>()
    const context = {
      store: createMemoryStore(),
      closing: new AbortController().signal,
      follows: async () => {},
      onChange(listener: unknown) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    }
    const over = new AbortController()
    const waiting = whenSettled(context, REF, { signal: over.signal })
    await new Promise(setImmediate)
    expect(listeners.size).toBe(1)
    over.abort()
    await expect(waiting).rejects.toThrow()
    await new Promise(setImmediate)
    expect(listeners.size).toBe(0)
  })

  it('with a poller replaces a loop around the status, also while the call is scheduled', async () => {
    const words = ['SCHEDULED', 'SCHEDULED', 'ONGOING', 'ONGOING', 'COMPLETED']
    await using api = await startApiServer((response, request) =>
      json({ callId: 'call_1', status: words.shift() ?? 'COMPLETED' })(response, request),
    )
    const clock = { at: 1_767_225_600_000 }
    await using tracker = createTracker({
      store: createMemoryStore(),
      providers: [dialgen],
      now: () => clock.at,
      budgets: { queued: 60_000, initiated: 60_000 },
    })
    await tracker.ingest({ provider: 'dialgen', body: { callId: 'call_1', status: 'SCHEDULED' } })
    await using poller = tracker.poll({
      fetchers: [createFetcher(dialgen, { key: 'k', baseUrl: api.url, perMinute: 60_000 })],
      everyMs: null,
    })
    const settled = tracker.whenSettled({ provider: 'dialgen', callId: 'call_1' })
    for (let asked = 1; asked <= 5; asked++) {
      clock.at += 60 * 60_000
      await poller.runOnce()
      expect(api.requests).toHaveLength(asked)
    }
    expect(await settled).toMatchObject({ settled: true, status: 'completed' })
  })
})
