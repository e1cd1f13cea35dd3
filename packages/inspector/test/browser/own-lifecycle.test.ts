import { dialgen } from 'callstate/providers/dialgen'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { logSource, startInspector } from '../../src/index.ts'
import { buildPage } from './built-page.fixture.ts'
import { idsInList, openInspector, until } from './page.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'

const browser = useChromium()

const titlesOf = (page: Page, kind: string) =>
  page.locator(`.overlay .${kind} title`).allTextContents()

test('a move of one provider alone is drawn as a move, with its count, and is no conflict', async () => {
  await buildPage()
  // Dialgen's reply says ONGOING before the credits turn out to be short.
  const entries = [
    { event: { status: 'initiated' } },
    { event: { status: 'balance-low' } },
  ] as const
  const calls = ['d-1', 'd-2'].map((callId) => ({ provider: 'dialgen', callId, entries }))
  const source = logSource({ name: 'a log', calls, providers: [dialgen] })
  await using inspector = await startInspector({ source })
  await using watched = await openInspector(browser(), inspector.url)
  const { page } = watched
  const title = 'initiated to balance-low: a move of this provider alone'
  await until(() => titlesOf(page, 'own'), [title])
  expect(await page.locator('.overlay .own-count').allTextContents()).toEqual(['2'])
  expect(await titlesOf(page, 'clash')).toEqual([])
  expect(await page.locator('.badge.finding').count()).toBe(0)

  await until(() => idsInList(page), ['d-1', 'd-2'])
  await page.locator('[role=option]').first().click()
  await until(() => page.locator('.call-head .id').textContent(), 'd-1')
  await until(() => page.locator('.drawing .traced').count(), 1)
  expect(await titlesOf(page, 'own')).toEqual([title])
  // One step back: what Dialgen's page names as next, and nothing that Dialgen has no word for.
  await page.keyboard.press('ArrowLeft')
  await until(async () => {
    const next = await page.locator('.facts-table .next li').allTextContents()
    return next.map((text) => text.trim()).toSorted()
  }, ['balance-low', 'busy', 'completed', 'failed', 'no-answer'])
})
