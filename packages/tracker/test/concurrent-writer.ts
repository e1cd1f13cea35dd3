// One of several processes that write the same calls at the same time, and of those that consume them.
// It says "ready", waits for a line, and says "done" when everything of its own is stored and
// everything of everybody is handled.

import { openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { createTracker } from '@callstate/tracker'
import { bolna } from 'callstate/providers/bolna'
import { type Handling, readHandlings } from './handlings.ts'
import { openStore, type StoreAddress } from './store-address.ts'

/** What the process is told. */
export interface ConcurrentWriterOptions {
  readonly address: StoreAddress
  readonly writer: number
  /** Bodies of Bolna webhooks, in the order in which they are sent. */
  readonly bodies: readonly string[]
  /** Messages that are under way at a time. */
  readonly atOnce: number
  /** Where the beginning and the end of every handling goes. */
  readonly handledPath: string
}

const options: ConcurrentWriterOptions = JSON.parse(process.argv[2] ?? '')
const { address, writer, bodies, atOnce, handledPath } = options
const tracker = createTracker({ store: openStore(address), providers: [bolna] })

const file = openSync(handledPath, 'a')
const tell = (handling: Handling) => writeSync(file, `${JSON.stringify(handling)}\n`)
let areSideBySide = false
const consumer = tracker.consume(
  'billing',
  async ({ callId, sequence }) => {
    tell(['begin', writer, callId, sequence])
    // The first one holds its call until another worker is at work too, so that no run has only one.
    do await setImmediate()
    while (!areSideBySide && readHandlings(handledPath).every(([, other]) => other === writer))
    areSideBySide = true
    tell(['end', writer, callId, sequence])
  },
  // One call at a time leaves some to the others.
  { everyMs: 20, concurrency: 1 },
)
await consumer.ready

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
console.log('ready')
await lines.next()
const left = [...bodies]
const lane = async () => {
  for (let rawBody = left.shift(); rawBody !== undefined; rawBody = left.shift()) {
    const result = await tracker.ingest({ provider: 'bolna', rawBody })
    if (!result.ok) throw new Error('A message was refused.')
  }
}
await Promise.all(Array.from({ length: atOnce }, lane))
console.log('stored')
// Everybody has stored everything.
await lines.next()
await consumer.idle()
await tracker.close()
process.exit(0)
