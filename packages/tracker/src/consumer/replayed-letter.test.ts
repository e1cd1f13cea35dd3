import { expect, test } from 'vitest'
import type { ConsumedChange } from './consumed-change.ts'
import { createWorld, NAME, type World } from './consumer.fixture.ts'
import { corrected, gained, ready, type When } from './when.ts'

const MONEY: When = [ready('cost'), corrected('cost')]

const at = (minute: number) => ({ updated_at: `2026-03-02T09:0${minute}:00Z` })

/** A till that sets amounts, and that is down for facts at a place of the history until it is mended. */
function till(
  { worker }: World,
  { when = MONEY, downAt = 1 }: { when?: When; downAt?: number } = {},
) {
  const amounts = new Map<string, number | null>()
  const handed: ConsumedChange[] = []
  let isDown = true
  worker(
    (change) => {
      const { callId, attempt, finalData, sequence } = change
      if (isDown && sequence === downAt) throw new Error('down')
      handed.push(change)
      amounts.set(`${callId}/${attempt}`, finalData?.cost?.amount ?? null)
    },
    { when, retry: { maxTries: 1 } },
  )
  const mend = () => {
    isDown = false
  }
  return { amounts, handed, mend }
}

async function replay({ tracker, time }: World): Promise<void> {
  await tracker.replayDeadLetters(NAME)
  await time.advance(5000)
  expect((await tracker.deadLetters()).items).toEqual([])
}

test('a letter that is replayed after a correction sets what is right now, and not what it was', async () => {
  const world = createWorld()
  const { amounts, handed, mend } = till(world)
  await world.webhook('a', 'completed', { ...at(1), total_cost: 10 })
  await world.webhook('a', 'completed', { ...at(2), total_cost: 12 })
  await world.time.advance(5000)
  expect(Object.fromEntries(amounts)).toEqual({ 'a/1': 12 })
  mend()
  await replay(world)
  expect(Object.fromEntries(amounts)).toEqual({ 'a/1': 12 })
  expect(handed.map(({ key, sequence }) => [key, sequence])).toMatchObject([
    [expect.stringContaining('corrected'), 2],
    ['bolna/a/1/ready/cost', 1],
  ])
})

test('a replayed correction has what is final now too, also where that is nothing', async () => {
  const world = createWorld()
  const { amounts, handed, mend } = till(world, { downAt: 2 })
  await world.webhook('a', 'busy', { ...at(3), total_cost: 1 })
  await world.webhook('a', 'busy', { ...at(4), total_cost: 2 })
  // It turns out that the line was up: what was said of a busy line no longer counts.
  await world.webhook('a', 'in-progress', at(1))
  await world.webhook('a', 'completed', { ...at(5), total_cost: null })
  await world.time.advance(5000)
  expect(Object.fromEntries(amounts)).toEqual({ 'a/1': null })
  mend()
  await replay(world)
  expect(Object.fromEntries(amounts)).toEqual({ 'a/1': null })
  expect(handed.at(-1)).toMatchObject({
    sequence: 2,
    corrected: { before: { amount: 1 }, now: { amount: 2 } },
  })
})

test('what has no value any more is not handed as ready or gained again: the correction was', async () => {
  const world = createWorld()
  const { handed, mend } = till(world, { when: [ready('cost'), gained('cost'), 'settled'] })
  await world.webhook('a', 'busy', { ...at(3), total_cost: 1 })
  await world.webhook('a', 'in-progress', at(1))
  await world.webhook('a', 'completed', { ...at(5), total_cost: null })
  await world.time.advance(5000)
  mend()
  await replay(world)
  // The call was settled then, and that is told as it was.
  expect(handed.map(({ key }) => key)).toEqual(['bolna/a/1/settled'])
  expect(handed[0]?.finalData?.cost).toMatchObject({ amount: 1 })
})

test('another attempt keeps its own amount', async () => {
  const world = createWorld()
  const { amounts, mend } = till(world)
  await world.webhook('a', 'completed', { ...at(1), total_cost: 10 })
  await world.webhook('a', 'completed', { ...at(5), retry_count: 1, total_cost: 20 })
  await world.webhook('a', 'completed', { ...at(6), retry_count: 1, total_cost: 21 })
  await world.time.advance(5000)
  mend()
  await replay(world)
  expect(Object.fromEntries(amounts)).toEqual({ 'a/1': 10, 'a/2': 21 })
})

test('a correction that comes while a letter is handled does not stand below the old amount', async () => {
  const world = createWorld()
  const amounts: (number | null)[] = []
  let isDown = true
  world.worker(
    async ({ finalData, sequence }) => {
      if (isDown && sequence === 1) throw new Error('down')
      // Of what the letter hands first the handler takes so long that a correction passes it.
      if (sequence === 1 && amounts.length === 0) {
        await world.webhook('a', 'completed', { ...at(2), total_cost: 12 })
        await world.time.sleep(3000, new AbortController().signal)
      }
      amounts.push(finalData?.cost?.amount ?? null)
    },
    { when: MONEY, retry: { maxTries: 1 } },
  )
  await world.webhook('a', 'completed', { ...at(1), total_cost: 10 })
  await world.time.advance(5000)
  isDown = false
  await world.tracker.replayDeadLetters(NAME)
  await world.time.advance(10_000)
  expect(amounts).toEqual([12, 10, 12])
})
