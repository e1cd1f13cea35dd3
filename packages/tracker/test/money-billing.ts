// A process that is killed: the consumers of the recipe, which write what they are handed to the end of a
// file. It prints a line when they are registered.

import { openSync, writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { createTracker } from '@callstate/tracker'
import { bolna } from 'callstate/providers/bolna'
import { startBilling } from './money-recipe.ts'
import { openStore, type StoreAddress } from './store-address.ts'

/** What the process is told. */
export interface MoneyBillingOptions {
  readonly address: StoreAddress
  readonly ledgerPath: string
}

/** Short, so that a process that was started again soon gets what the killed one had claimed; and not too short for a busy machine. */
const LEASE_MS = 10_000
const LOOK_EVERY_MS = 200

const { address, ledgerPath }: MoneyBillingOptions = JSON.parse(process.argv[2] ?? '')
const ledger = openSync(ledgerPath, 'a')
const tracker = createTracker({ store: openStore(address), providers: [bolna] })
const billing = startBilling(
  tracker,
  async (line) => {
    writeSync(ledger, `${JSON.stringify(line)}\n`)
    // A moment between handling a change and saying so, in which the process may be killed.
    await setImmediate()
  },
  { leaseMs: LEASE_MS, everyMs: LOOK_EVERY_MS },
)
await billing.ready
console.log('ready')

// Whoever started it is gone.
process.stdin.on('end', () => process.exit(1)).resume()
