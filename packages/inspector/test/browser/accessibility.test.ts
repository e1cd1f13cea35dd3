import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allCalls } from '../../../tracker/test/all-calls.ts'
import { LOST_SERVER, openInspector, type PageOptions } from './page.fixture.ts'
import { useChromium } from './use-chromium.fixture.ts'
import { placeBolnaCall, START_TIMEOUT_MS, startWorld, type World } from './world.fixture.ts'

const browser = useChromium()

const PHONE: PageOptions = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }

/** What the tabulator key stops at before the end of the page. */
const CONTROLS = 11

let world: World
/** A call with a conflict, an unrecognized word, two attempts and a payload. */
let odd = ''
beforeAll(async () => {
  world = await startWorld({ seed: 'for everybody', weather: 'storm' })
  for (let index = 0; index < 39; index++) await placeBolnaCall(world, index)
  const retries = { retry_config: { enabled: true, max_retries: 1 } }
  odd = await placeBolnaCall(world, 40, 'retried', retries)
  await world.emulator.idle()
  for (const status of ['busy', 'transferring', 'completed']) {
    await world.tracker.ingest({ provider: 'bolna', body: { id: odd, status } })
  }
  for (let index = 50; index < 60; index++) await placeBolnaCall(world, index, 'answered')
  await world.emulator.advance(6 * 60_000)
  expect((await allCalls(world.tracker)).some(({ dueAt }) => dueAt !== null)).toBe(true)
}, START_TIMEOUT_MS)
afterAll(() => world[Symbol.asyncDispose]())

/** The main views, each with what makes it complete. */
const VIEWS: readonly (readonly [
  name: string,
  hash: () => string,
  show: (page: Page) => Promise<unknown>,
])[] = [
  ['all calls', () => '#/', (page) => page.locator('[role=option]').first().waitFor()],
  [
    'filtered calls',
    () => '#/?overdue=1&provider=bolna',
    (page) => page.getByRole('button', { name: 'clear filters' }).first().waitFor(),
  ],
  ['no calls', () => '#/?q=no+such+call', (page) => page.locator('.empty').waitFor()],
  [
    'a call',
    () => `#/calls/${encodeURIComponent(`bolna ${odd}`)}?step=2`,
    async (page) => {
      await page.getByRole('button', { name: 'show payload of event 2' }).click()
      await page.locator('.payload pre').waitFor()
    },
  ],
  [
    'a call that is not there',
    () => '#/calls/bolna%20none',
    (page) => page.locator('.failure').waitFor(),
  ],
]

test.each<[string, PageOptions]>([
  ['in light', { colorScheme: 'light' }],
  ['in dark', { colorScheme: 'dark' }],
  ['on a phone', PHONE],
])('axe finds nothing wrong in any view: %s', async (_, options) => {
  await using watched = await openViews(options)
  for (const [name, hash, show] of VIEWS) {
    await showView(watched.page, hash(), show)
    expect([name, await violationsIn(watched.page)]).toEqual([name, []])
  }
})

test.each<[string, PageOptions]>([
  ['on a desk', {}],
  ['on a phone', PHONE],
  ['at 200 %', { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }],
  ['at 400 %', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
])('no view is wider than the page: %s', async (_, options) => {
  await using watched = await openViews(options)
  for (const [name, hash, show] of VIEWS) {
    await showView(watched.page, hash(), show)
    const [content, room] = await watched.page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )
    expect([name, content]).toEqual([name, room])
  }
})

test('axe finds nothing wrong while the server is away', async () => {
  const away = await startWorld()
  await placeBolnaCall(away, 1)
  await using watched = await openInspector(browser(), away.inspector.url, { expects: LOST_SERVER })
  const { page } = watched
  await away[Symbol.asyncDispose]()
  await page.locator('.connection.disconnected').waitFor()
  expect(await violationsIn(page)).toEqual([])
})

test('who wants no motion sees none', async () => {
  for (const [reducedMotion, moves] of [
    ['reduce', false],
    ['no-preference', true],
  ] as const) {
    await using watched = await openInspector(browser(), world.inspector.url, { reducedMotion })
    const durations = await watched.page
      .locator('.drawing [data-status] .box, .drawing [data-move]')
      .evaluateAll((elements) =>
        elements.map((element) =>
          element.computedStyleMap().get('transition-duration')?.toString(),
        ),
      )
    expect(durations.some((duration) => !/^(0s(, )?)+$/.test(duration ?? ''))).toBe(moves)
  }
})

test('with the colours of the system, what is chosen and what is wrong can still be told', async () => {
  await using watched = await openInspector(browser(), world.inspector.url, {
    forcedColors: 'active',
  })
  const { page } = watched
  await page.evaluate(`location.hash = ${JSON.stringify(`#/calls/bolna%20${odd}`)}`)
  await page.locator('.item.open').waitFor()
  await page.locator('.drawing .current').waitFor()
  const isMarked = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const style = element.ownerDocument.defaultView?.getComputedStyle(element)
        return style?.borderLeftColor !== style?.backgroundColor
      })
  expect(await isMarked('.item.open')).toBe(true)
  expect(await isMarked('.item:not(.open)')).toBe(false)
  expect(await page.locator('.badge.finding').first().textContent()).toMatch(/^\d findings?$/)
})

test('every control can be reached and worked with the keyboard, and says what it is', async () => {
  await using watched = await openInspector(browser(), world.inspector.url)
  const { page } = watched
  const seen: string[] = []
  for (let tabs = 0; tabs < CONTROLS; tabs++) {
    await page.keyboard.press('Tab')
    const snapshot = await page.locator(':focus').ariaSnapshot()
    seen.push(snapshot.split('\n')[0]?.replace(/^- |:$/g, '') ?? '')
  }
  expect(seen).toEqual([
    'button "Skip to the calls"',
    'button "Skip to the overview"',
    'searchbox "Search calls by id or provider"',
    'combobox "Status"',
    'combobox "Group"',
    'combobox "Provider"',
    'combobox "Order"',
    'checkbox "findings"',
    'checkbox "overdue"',
    'listbox "Calls"',
    'button "0 scheduled calls": scheduled',
  ])
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'Enter'])
    await page.keyboard.press(key)
  const pressed = page.locator('.drawing [aria-pressed=true]')
  await pressed.waitFor()
  expect(await pressed.getAttribute('data-status')).toBe('prepared')
  await page.keyboard.press(' ')
  await pressed.waitFor({ state: 'detached' })
})

/** Opens the page, which asks for a call that is not there. */
function openViews(options: PageOptions) {
  const expects = /404 \(Not Found\)/
  return openInspector(browser(), world.inspector.url, { ...options, expects })
}

async function showView(page: Page, hash: string, show: (page: Page) => Promise<unknown>) {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  await show(page)
}

async function violationsIn(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
