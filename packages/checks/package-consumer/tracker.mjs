// The installed tracker: messages in, a settled call and a consumer's change out; with SQLite where this
// Node has it.
import { deepStrictEqual } from 'node:assert'
import { createFetcher, createTracker, createWebhookHandler } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { createPostgresStore } from '@callstate/tracker/postgres'
import { fileSink } from '@callstate/tracker/recorder'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import { storeConformance } from '@callstate/tracker/testing'
import { PROVIDERS } from 'callstate/providers/all'
import { bolna } from 'callstate/providers/bolna'

const stores = [createMemoryStore()]
if (process.getBuiltinModule?.('node:sqlite')) stores.push(createSqliteStore({ path: ':memory:' }))
for (const store of stores) {
  const tracker = createTracker({ store, providers: PROVIDERS })
  const heard = []
  const consumer = tracker.consume('test', ({ key }) => void heard.push(key), { when: 'settled' })
  const origins = Object.fromEntries(PROVIDERS.map(({ name }) => [name, false]))
  const handle = createWebhookHandler(tracker, { origins: { ...origins, bolna: {} } })
  for (const status of ['completed', 'ringing']) {
    const request = new Request('http://localhost/webhooks/bolna', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'c-1', status }),
    })
    const [remoteAddress] = bolna.delivery.sourceAddresses
    deepStrictEqual((await handle(request, { remoteAddress })).status, 200)
  }
  await consumer.idle()
  deepStrictEqual(heard, ['bolna/c-1/1/settled'])
  deepStrictEqual((await tracker.get({ provider: 'bolna', callId: 'c-1' })).settled, true)
  await tracker.close()
}
for (const one of [createFetcher, createPostgresStore, fileSink, storeConformance]) {
  deepStrictEqual(typeof one, 'function')
}
