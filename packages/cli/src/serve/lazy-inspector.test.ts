import { createTracker } from '@callstate/tracker'
import { TrackerError } from '@callstate/tracker/internal'
import { createMemoryStore } from '@callstate/tracker/memory'
import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { createLazyInspector } from './lazy-inspector.ts'

test('a database that does not answer at first is asked again, and the page is told meanwhile', async () => {
  const memory = createMemoryStore()
  let isThere = false
  const store: typeof memory = {
    ...memory,
    list: async (...query) => {
      if (isThere) return memory.list(...query)
      throw new TrackerError('store-failed', 'The database is away.')
    },
  }
  await using tracker = createTracker({ store, providers: [bolna] })
  await tracker.ingest({ provider: 'bolna', body: { id: 'c-1', status: 'ringing' } })
  const inspector = createLazyInspector(tracker, {
    name: 'calls.db',
    providers: [bolna],
    token: null,
  })
  const stream = () => {
    const headers = { host: '127.0.0.1' }
    const url = 'http://127.0.0.1/inspector/api/stream'
    return inspector.fetch(new Request(url, { headers }))
  }

  expect(await (await stream()).text()).toContain('event: hello')
  const refused = await stream()
  expect([refused.status, await refused.text()]).toEqual([
    503,
    expect.stringContaining('could not be read'),
  ])

  isThere = true
  let told = ''
  for await (const part of (await stream()).body?.pipeThrough(new TextDecoderStream()) ?? []) {
    told += part
    if (told.includes('"callId":"c-1"')) break
  }
  expect(told).toContain('"done":true')
  await inspector.close()
})
