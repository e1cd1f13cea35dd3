import { createTracker, type HistoryEntry, type Verification } from '@callstate/tracker'
import { bolna } from 'callstate/providers/bolna'
import { consumeInto, type Handled, readHandled } from './crash-consumer.ts'
import type { Bodies } from './crash-sender.ts'
import type { CrashWriterOptions } from './crash-writer.ts'
import { openStore } from './store-address.ts'

/** What a run left behind. */
export interface Left {
  readonly histories: ReadonlyMap<string, readonly HistoryEntry[]>
  readonly verification: Verification
  /** Calls that the consumer has not handled to their end, and changes that it gave up. */
  readonly waiting: number
  readonly deadLetters: number
  readonly handled: readonly Handled[]
}

/** Longer than any lease. */
const LATER_MS = 3_600_000

/** Lets a last worker handle what is left to handle, and reads everything that was stored. */
export async function readLeft({ address, handledPath }: CrashWriterOptions): Promise<Left> {
  const store = openStore(address)
  // With a clock that is ahead, nothing that a killed worker had claimed is waited for.
  const now = () => Date.now() + LATER_MS
  await using tracker = createTracker({ store, providers: [bolna], now })
  const consumer = consumeInto(tracker, handledPath)
  await consumer.ready
  await consumer.idle()
  await consumer.stop()
  const counted = (await store.counts({ now: 0 })).consumers.get('billing')?.get('bolna')
  const histories = new Map<string, readonly HistoryEntry[]>()
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof tracker.list>> = await tracker.list({ cursor })
    for (const ref of page.items) histories.set(ref.callId, await tracker.history(ref))
    cursor = page.next
  } while (cursor !== null)
  return {
    histories,
    verification: await tracker.verify(),
    // Nothing is told of a provider of which nothing is left.
    waiting: counted?.waiting ?? 0,
    deadLetters: counted?.deadLetters ?? 0,
    handled: readHandled(handledPath),
  }
}

/** Everything that does not hold of what was left, in words. Pure. */
export function problemsOf(left: Left, sent: Bodies, acknowledged: Bodies): readonly string[] {
  const { verification, waiting, deadLetters, histories } = left
  const problems = verification.differences.map(({ callId, message }) => `${callId}: ${message}`)
  if (verification.calls !== histories.size) problems.push('verify saw other calls than the list')
  if (waiting !== 0) problems.push(`${waiting} calls were not handled to their end`)
  if (deadLetters !== 0) problems.push(`${deadLetters} changes were set aside`)
  const handled = groupsOf(left.handled, ([callId]) => callId)
  for (const callId of new Set([...sent.keys(), ...histories.keys(), ...handled.keys()])) {
    const history = histories.get(callId) ?? []
    const ofCall = [
      ...lostOrDoubled(history, sent.get(callId), acknowledged.get(callId)),
      ...outOfOrder(callId, history, handled.get(callId) ?? []),
    ]
    problems.push(...ofCall.map((problem) => `${callId}: ${problem}`))
  }
  return problems
}

function* lostOrDoubled(
  history: readonly HistoryEntry[],
  sent: ReadonlySet<string> = new Set(),
  acknowledged: ReadonlySet<string> = new Set(),
): Generator<string> {
  const stored = groupsOf(history, ({ payload }) => payload ?? '')
  for (const body of acknowledged) {
    if (!stored.has(body)) yield 'an acknowledged event is not in the history'
  }
  for (const [body, entries] of stored) {
    if (entries.length > 1) yield 'an event is in the history twice'
    if (!sent.has(body)) yield 'the history holds an event that nobody sent'
  }
}

/**
 * A worker handles the entries of a call one by one; whoever goes on after a crash may handle the last
 * one again, and leaves none out.
 */
function* outOfOrder(
  callId: string,
  history: readonly HistoryEntry[],
  handled: readonly Handled[],
): Generator<string> {
  let last = 0
  for (const [, sequence, key] of handled) {
    if (sequence !== last && sequence !== last + 1) yield `${sequence} was handled after ${last}`
    last = sequence
    const entry = history[sequence - 1]
    const expected = entry && `bolna/${callId}/${entry.decided?.of}/message/${entry.key}`
    if (key !== expected) yield `${sequence} was handled under another key`
  }
  if (last !== history.length) yield `${last} of ${history.length} changes were handled`
}

function groupsOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(nameOf(item))
    if (group === undefined) groups.set(nameOf(item), [item])
    else group.push(item)
  }
  return groups
}
