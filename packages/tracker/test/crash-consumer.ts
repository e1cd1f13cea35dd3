import { openSync, readFileSync, writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Consumer, Tracker } from '@callstate/tracker'

/** A change that a consumer handled: the call, the place in its history, the key. */
export type Handled = readonly [callId: string, sequence: number, key: string]

/** Short, so that a process that was started again soon gets what the killed one had claimed. */
const LEASE_MS = 500

/** Starts a consumer that writes every change that it handles as one line to the end of a file. */
export function consumeInto(tracker: Tracker, path: string): Consumer {
  const file = openSync(path, 'a')
  const options = { from: 'start' as const, leaseMs: LEASE_MS, everyMs: LEASE_MS / 5 }
  return tracker.consume(
    'billing',
    async ({ callId, sequence, key }) => {
      const handled: Handled = [callId, sequence, key]
      writeSync(file, `${JSON.stringify(handled)}\n`)
      // A moment between handling a change and saying so, in which the process may be killed.
      await setImmediate()
    },
    options,
  )
}

/** What all consumers of the file have handled, in the order in which they did. */
export function readHandled(path: string): readonly Handled[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}
