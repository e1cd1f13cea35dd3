import { createTracker } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { describe, expect, test } from 'vitest'

const ref = { provider: 'bolna', callId: 'c-1' }

async function missingAfter(bodies: readonly object[]) {
  await using tracker = createTracker({ store: createMemoryStore(), providers: [bolna, dialgen] })
  for (const body of bodies) {
    await tracker.ingest({ provider: 'bolna', body: { id: 'c-1', ...body } })
  }
  const { items } = await tracker.overdue({ why: 'data' })
  const call = await tracker.get(ref)
  return { listed: items.map(({ missing }) => missing), settled: call?.settled }
}

const second = { status: 'completed', retry_count: 1, total_cost: 22.99, conversation_duration: 40 }

describe('an attempt that a later one followed, and whose end nobody told', () => {
  test('is listed with its cost, whether its line was up', async () => {
    const talked = await missingAfter([
      { status: 'in-progress', retry_count: 0 },
      { status: 'call-disconnected', retry_count: 0, total_cost: 6.66 },
      second,
    ])
    expect(talked).toEqual({ listed: [[{ attempt: 1, fields: ['cost'] }]], settled: true })
  })

  test('or whether it was heard of at all', async () => {
    const { listed } = await missingAfter([{ ...second, retry_count: 2 }])
    expect(listed).toEqual([
      [
        { attempt: 1, fields: ['cost'] },
        { attempt: 2, fields: ['cost'] },
      ],
    ])
  })

  test('and no more as soon as its end is told, by itself or by a history', async () => {
    const known = [{ attempt: 1, status: 'no-answer', at: '2026-03-02T09:01:12Z' }]
    const toldLater = { ...second, retry_history: known }
    expect((await missingAfter([second, toldLater])).listed).toEqual([])
    const own = { status: 'busy', retry_count: 0, total_cost: 0 }
    expect((await missingAfter([second, own])).listed).toEqual([])
  })

  test('is not missed for a provider that says no costs', async () => {
    await using tracker = createTracker({ store: createMemoryStore(), providers: [dialgen] })
    const event = { provider: 'dialgen', callId: 'd-1', kind: 'webhook', attempt: 2 } as const
    await tracker.ingest({ event: { ...event, status: 'busy', word: 'MISSED' } })
    expect((await tracker.overdue({ why: 'data' })).items).toEqual([])
  })

  test('however large its number is, few before it are listed', async () => {
    const { listed } = await missingAfter([{ ...second, retry_count: 9_007_199_254_740_000 }])
    expect(listed[0]).toHaveLength(20)
  })
})
