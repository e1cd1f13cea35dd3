import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import type { HistoryEntry } from '../calls/tracked-call.ts'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import { attemptDataOf } from './attempt-data.ts'

/** What is stored of messages of two attempts. */
async function history(): Promise<readonly HistoryEntry[]> {
  const tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
  const said = [
    { status: 'completed', retry_count: 0, total_cost: 10, context_details: { tags: ['a'] } },
    { status: 'ringing', retry_count: 1, total_cost: 1 },
    { status: 'completed', retry_count: 1, total_cost: 20 },
  ]
  for (const body of said) await tracker.ingest({ provider: 'bolna', body: { id: 'c-1', ...body } })
  return tracker.history({ provider: 'bolna', callId: 'c-1' })
}

const PLACES = [
  [1, 1],
  [2, 1],
  [2, 2],
  [3, 1],
  [3, 2],
] as const

test('the data of an attempt are those of its messages up to a place, in whatever order they are read', async () => {
  const entries = await history()
  const read = (places: typeof PLACES | readonly (readonly [number, number])[]) => {
    const data = attemptDataOf(entries, bolna)
    return places.map(([place, attempt]) => data.at(place, attempt)['total_cost'])
  }
  expect(read(PLACES)).toEqual([10, 10, 1, 10, 20])
  expect(read(PLACES.toReversed())).toEqual([20, 10, 1, 10, 10])
  expect(attemptDataOf(entries, bolna).at(1, 2)).toEqual({})
})

test('a reader may keep the data, and change its copy', async () => {
  const data = attemptDataOf(await history(), bolna)
  const first = data.at(1, 1) as { context_details: { tags: string[] } }
  first.context_details.tags.push('b')
  expect(data.at(2, 1)).toMatchObject({ context_details: { tags: ['a'] } })
})

test('nothing is read of a message before somebody asks for data', async () => {
  let reads = 0
  const counted = (await history()).map((entry) => ({
    ...entry,
    get payload() {
      reads++
      return entry.payload
    },
  }))
  const data = attemptDataOf(counted, bolna)
  expect(reads).toBe(0)
  data.at(2, 1)
  expect(reads).toBe(2)
})
