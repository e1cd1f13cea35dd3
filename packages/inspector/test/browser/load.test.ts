import { expect, test } from 'vitest'
import { type Crowd, startCrowd } from './crowd.fixture.ts'
import { openInspector, totalsInHead, until } from './page.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'

// How fluid the page is under this load is measured by `pnpm bench --only page`; a test would only measure
// what else the machine does.

const browser = useChromium()

const CALLS = 50_000
const EVENTS_PER_SECOND = 500

test('50,000 calls and 500 events a second are all on the page, also while a call is open and the list is filtered', async () => {
  await using crowd: Crowd = await startCrowd(CALLS)
  await using watched = await openInspector(browser(), crowd.inspector.url)
  const { page } = watched
  await until(async () => (await totalsInHead(page))['calls'], CALLS)

  const sending = crowd.send(EVENTS_PER_SECOND)
  const sent = async () => (await totalsInHead(page))['events'] ?? 0
  for (const [hash, place] of [
    ['#/', '.overview'],
    ['#/calls/bolna%20call-000001', '.events'],
    ['#/?q=call-00&order=latest', '.overview'],
  ] as const) {
    const before = await sent()
    await page.evaluate(`location.hash = '${hash}'`)
    await page.locator(place).first().waitFor()
    await until(async () => (await sent()) > before + EVENTS_PER_SECOND, true)
  }
  sending.stop()
  await until(sent, CALLS + sending.sent())
  expect((await totalsInHead(page))['calls']).toBe(CALLS)
})
