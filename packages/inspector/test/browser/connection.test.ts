import type { CallStatus } from 'callstate'
import { expect, test } from 'vitest'
import { type LoggedCall, logSource, startInspector } from '../../src/index.ts'
import { buildPage } from './built-page.fixture.ts'
import {
  idsInList,
  LOST_SERVER,
  openInspector,
  statusesInChart,
  totalsInHead,
  until,
} from './page.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'

const browser = useChromium()

function source(name: string, callIds: readonly string[], status: CallStatus) {
  const calls: readonly LoggedCall[] = callIds.map((callId, place) => ({
    provider: 'bolna',
    callId,
    entries: [{ event: { status: 'queued' } }, { event: { status }, receivedAt: 1000 - place }],
  }))
  return logSource({ name, calls })
}

test('a page whose server goes away says so, and shows another run without old calls when one is back', async () => {
  await buildPage()
  const first = await startInspector({ source: source('monday', ['a-1', 'a-2', 'a-3'], 'busy') })
  const port = Number(new URL(first.url).port)
  await using watched = await openInspector(browser(), first.url, { expects: LOST_SERVER })
  const { page } = watched
  await until(() => idsInList(page), ['a-1', 'a-2', 'a-3'])
  await page.locator('[role=option]').nth(1).click()
  await until(() => page.locator('.call-head .id').textContent(), 'a-2')
  expect(await page.title()).toBe('monday · callstate inspector')

  await first.stop()
  await page.locator('.connection.disconnected').waitFor()
  expect(await page.locator('.connection').textContent()).toMatch(
    /^Disconnected\. Next try in \d s\./,
  )
  expect(await page.locator('.connection [role=status]').textContent()).toBe(
    'Disconnected from the server. Trying again by itself.',
  )
  // What was known stays in sight meanwhile.
  expect(await idsInList(page)).toEqual(['a-1', 'a-2', 'a-3'])

  await using second = await startInspector({
    port,
    source: source('tuesday', ['b-1', 'a-2'], 'ringing'),
  })
  await page.getByRole('button', { name: 'Try now' }).click()
  await page.locator('.connection.connected').waitFor()
  await until(() => idsInList(page), ['b-1', 'a-2'])
  expect(await page.locator('h1').textContent()).toBe('tuesday')
  await until(() => page.title(), 'tuesday · callstate inspector')
  await until(() => statusesInChart(page), { ringing: 2 })
  expect(await totalsInHead(page)).toMatchObject({ calls: 2, settled: 0, events: 4 })
  // The open call is the one of that name in the new run.
  await until(() => page.locator('.status-name').textContent(), 'ringing')
  expect(second.url).toBe(first.url)
})

test('a page that its server does not let in tells what the server said, and comes in when it may', async () => {
  await buildPage()
  const limits = { streamClients: 1 }
  await using inspector = await startInspector({ source: source('one', ['a-1'], 'busy'), limits })
  const first = await openInspector(browser(), inspector.url)
  const context = await browser().newContext()
  const page = await context.newPage()
  await page.goto(inspector.url)
  await page.locator('.refusal').waitFor()
  expect(await page.locator('.refusal').textContent()).toBe(
    'The server said: 1 pages are watching already. Close one.',
  )
  await first[Symbol.asyncDispose]()
  await until(async () => {
    const again = page.getByRole('button', { name: 'Try now' })
    if (await again.isVisible()) await again.click()
    return idsInList(page)
  }, ['a-1'])
  await context.close()
})
