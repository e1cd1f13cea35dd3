import type { CDPSession, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { idsInList, openInspector, until } from './page.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'
import { placeBolnaCall, startWorld, type World } from './world.fixture.ts'

const browser = useChromium()

const MINUTES = 60
/** An hour of the emulator takes less than a minute, and longer on a machine that does other things. */
const TIMEOUT_MS = 360_000
const MINUTE_MS = 60_000
const CALLS_PER_MINUTE = 40
/** Fewer than an hour has, so that old calls make room, and what is held should not grow. */
const CALLS_HELD = 200
/**
 * In the last 40 minutes. The page grew by up to 0.6 MB, which is code that the browser compiles; one that kept
 * every update grew by 2.1 MB.
 */
const MAX_GROWTH_BYTES = 1_200_000
const MAX_GROWTH_NODES = 200
const MAX_GROWTH_LISTENERS = 10

/** What a page holds after everything that is garbage is gone. */
interface Held {
  readonly bytes: number
  readonly nodes: number
  readonly listeners: number
}

const NOTHING: Held = { bytes: Number.NaN, nodes: Number.NaN, listeners: Number.NaN }

test('an hour of storm, with calls opened and closed, leaves nothing behind in the page', {
  timeout: TIMEOUT_MS,
}, async () => {
  await using world = await startWorld({
    seed: 'an hour',
    weather: 'storm',
    limits: { calls: CALLS_HELD, updateEveryMs: 10 },
  })
  await using watched = await openInspector(browser(), `${world.inspector.url}#/?order=latest`)
  const { page } = watched
  const session = await page.context().newCDPSession(page)
  const held: Held[] = []
  for (let minute = 1; minute <= MINUTES; minute++) {
    await liveThrough(world, page, minute)
    if (minute % 5 === 0) await lookAtFirst(page)
    if (minute % 20 === 0) held.push(await heldBy(session))
  }
  const [early = NOTHING, , end = NOTHING] = held
  expect(end.bytes - early.bytes).toBeLessThan(MAX_GROWTH_BYTES)
  expect(end.nodes - early.nodes).toBeLessThan(MAX_GROWTH_NODES)
  expect(end.listeners - early.listeners).toBeLessThan(MAX_GROWTH_LISTENERS)
})

/** A minute of the emulator's time; at its end the page has heard of everything. */
async function liveThrough(world: World, page: Page, minute: number): Promise<void> {
  for (let index = 0; index < CALLS_PER_MINUTE; index++) {
    await placeBolnaCall(world, minute * CALLS_PER_MINUTE + index)
  }
  await world.emulator.advance(MINUTE_MS)
  // Before all that was heard at the same time.
  const id = `!minute-${minute}`
  await world.tracker.ingest({ provider: 'bolna', body: { id, status: 'queued' } })
  await until(async () => (await idsInList(page))[0], id)
}

/** Opens the first call, steps through it, looks at a payload and closes it again. */
async function lookAtFirst(page: Page): Promise<void> {
  await page.locator('[role=option]').nth(1).click()
  await page.locator('.events button[aria-expanded]').first().click()
  await page.locator('.payload pre').waitFor()
  await page.keyboard.press('Home')
  await page.keyboard.press('Escape')
  await page.locator('.overview').waitFor()
  await page.getByRole('button', { name: 'update order' }).click()
}

async function heldBy(session: CDPSession): Promise<Held> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  return { bytes: usedSize, nodes, listeners: jsEventListeners }
}
