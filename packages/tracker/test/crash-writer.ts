// The process that is killed: a webhook receiver on a durable store, with a consumer beside it that
// writes down what it handled. It says on which port it listens.

import { createTracker, createWebhookHandler } from '@callstate/tracker'
import { serve } from '@hono/node-server'
import { bolna } from 'callstate/providers/bolna'
import { consumeInto } from './crash-consumer.ts'
import { openStore, type StoreAddress } from './store-address.ts'

/** What the process is told. */
export interface CrashWriterOptions {
  readonly address: StoreAddress
  /** Where handled changes go. */
  readonly handledPath: string
}

const { address, handledPath }: CrashWriterOptions = JSON.parse(process.argv[2] ?? '')
const tracker = createTracker({ store: openStore(address), providers: [bolna] })
consumeInto(tracker, handledPath)

const handle = createWebhookHandler(tracker, {
  provider: 'bolna',
  origins: { bolna: false },
})
serve({ fetch: (request) => handle(request), port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  console.log(port)
})

// Whoever started it is gone.
process.stdin.on('end', () => process.exit(1)).resume()
