import { CALL_STATUSES } from 'callstate'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { allCalls } from '../../../tracker/test/all-calls.ts'
import { findingsOf } from './findings.fixture.ts'
import { openInspector, statusesInChart, totalsInHead, until } from './page.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'
import {
  placeBolnaCall,
  placeDialgenCall,
  prepareBolnaBatch,
  startWorld,
  type World,
} from './world.fixture.ts'

const browser = useChromium()

const ROUNDS = 6
const BOLNA_CALLS = 26
const BATCH_CALLS = 4
const DIALGEN_CALLS = 12
/** Longer than every budget, so that whatever is silent is asked about. */
const SILENCE_MS = 2 * 3_600_000
const MAX_LOOKS = 24

test('a storm of webhooks reaches the page: every status is lit, and at the end all counts are the tracker’s', async () => {
  await using world = await startWorld({
    seed: 'the page in a storm',
    weather: 'storm',
    limits: { updateEveryMs: 10 },
  })
  await using watched = await openInspector(browser(), world.inspector.url)
  const { page } = watched

  const lit = new Set<string>()
  const batch = await prepareBolnaBatch(world, BATCH_CALLS)
  await untilCaughtUp(page, world, lit)
  await batch.place()
  for (let round = 0; round < ROUNDS; round++) {
    await place(world, round)
    for (const stepMs of [1, 500, 2000, 3000, 5000, 10_000, 20_000, 60_000, 60_000, 300_000]) {
      await world.emulator.advance(stepMs)
      await untilCaughtUp(page, world, lit)
    }
  }
  await world.emulator.idle()
  for (let look = 0; look < MAX_LOOKS; look++) {
    await world.emulator.advance(SILENCE_MS)
    const { news, limited, failed } = await world.poller.runOnce()
    if (news + limited + failed === 0) break
  }
  await contradict(world)

  await untilCaughtUp(page, world, lit)
  expect(CALL_STATUSES.filter((status) => !lit.has(status))).toEqual([])
})

async function place(world: World, round: number): Promise<void> {
  for (let index = 0; index < BOLNA_CALLS; index++) {
    const retries = index % 3 === 0 ? { retry_config: { enabled: true, max_retries: 2 } } : {}
    await placeBolnaCall(world, round * BOLNA_CALLS + index, undefined, retries)
  }
  for (let index = 0; index < DIALGEN_CALLS; index++) await placeDialgenCall(world, index)
}

/** What no weather does: an ended call is said to be busy, and another one is said to be nonsense. */
async function contradict({ tracker }: World): Promise<void> {
  const ended = (await allCalls(tracker)).filter(({ status }) => status === 'completed')
  for (const [place, { callId }] of ended.slice(0, 5).entries()) {
    const status = place === 0 ? 'transferring' : 'busy'
    await tracker.ingest({ provider: 'bolna', body: { id: callId, status } })
  }
}

/**
 * Waits until the page says what the tracker says: statuses, calls, settled, findings and events. Adds the
 * statuses that have a number in the chart then.
 */
async function untilCaughtUp(page: Page, { tracker }: World, lit: Set<string>): Promise<void> {
  const calls = await allCalls(tracker)
  const statuses: Record<string, number> = {}
  for (const { status } of calls) {
    if (status !== null) statuses[status] = (statuses[status] ?? 0) + 1
  }
  const findings = await Promise.all(calls.map((call) => findingsOf(tracker, call)))
  const expected = {
    statuses,
    calls: calls.length,
    settled: calls.filter(({ settled }) => settled).length,
    findings: findings.reduce((sum, count) => sum + count, 0),
    events: calls.reduce((sum, { events }) => sum + events, 0),
  }
  await until(async () => {
    const { calls, settled, findings, events } = await totalsInHead(page)
    return { statuses: await statusesInChart(page), calls, settled, findings, events }
  }, expected)
  for (const status of Object.keys(statuses)) lit.add(status)
}
