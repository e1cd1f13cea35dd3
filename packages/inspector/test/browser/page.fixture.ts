import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'

/** A page of the inspector in a browser, and all that it asked for and complained of. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page
  /** The text of every answer, but for the live stream, which has no end. */
  readonly answers: () => Promise<string>
}

/** What a page may do beside what every page may. */
export interface PageOptions extends BrowserContextOptions {
  /** What the browser reports of its own accord, and the test brings about. */
  readonly expects?: RegExp
}

/** How long a slow machine may take to show one thing. */
const PATIENCE_MS = 30_000

/** What a browser says of a server that goes away. */
export const LOST_SERVER =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING/

/**
 * Opens the inspector in a context of its own. When it is disposed of, the test fails if the page asked
 * anybody but its own server, broke its content security policy, or wrote to the console.
 */
export async function openInspector(
  browser: Browser,
  url: string,
  { expects, ...options }: PageOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    timezoneId: 'UTC',
    locale: 'en-US',
    ...options,
  })
  const requests: string[] = []
  const troubles: string[] = []
  const answers: Promise<string>[] = []
  context.on('request', (request) => requests.push(request.url()))
  context.on('response', (response) => {
    if (!response.url().endsWith('api/stream')) answers.push(response.text().catch(() => ''))
  })
  context.on('console', (message) => {
    if (expects?.test(message.text())) return
    troubles.push(`console.${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (error) => troubles.push(`uncaught: ${error.error()}`))
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(url)
  // Its calls have come, so its keys work too.
  await page.locator('.connection', { hasText: /^Connected(?!,)/ }).waitFor()
  return {
    page,
    answers: async () => (await Promise.all(answers)).join('\n'),
    async [Symbol.asyncDispose]() {
      await context.close()
      const { origin } = new URL(url)
      const strange = requests.filter((address) => new URL(address).origin !== origin)
      const asked = strange.map((address) => `asked ${address}`)
      const found = [...asked, ...troubles]
      if (found.length > 0) throw new Error(`The page did what it should not:\n${found.join('\n')}`)
    },
  }
}

/** Waits until what is asked for is there, and fails with what is there instead. */
export async function until<Value>(ask: () => Promise<Value>, expected: Value): Promise<void> {
  await expect.poll(ask, { timeout: 2 * PATIENCE_MS, interval: 20 }).toEqual(expected)
}

/** Calls of each status as the chart shows them; a status without one has no number. */
export async function statusesInChart(page: Page): Promise<Readonly<Record<string, number>>> {
  const pairs = await page
    .locator('.drawing [data-count]')
    .evaluateAll((labels) =>
      labels.map((label) => [label.getAttribute('data-count'), label.textContent]),
    )
  return Object.fromEntries(
    pairs
      .filter(([name, text]) => !name?.includes('>') && text !== '')
      .map(([name, text]) => [name, numberIn(text)]),
  )
}

/** The totals in the head of the page, by their names. */
export async function totalsInHead(page: Page): Promise<Readonly<Record<string, number>>> {
  const names = await page.locator('.totals dt').allTextContents()
  const numbers = await page.locator('.totals dd').allTextContents()
  return Object.fromEntries(names.map((name, place) => [name, numberIn(numbers[place])]))
}

/** The calls of the list that are drawn: those in view and some around them. */
export async function idsInList(page: Page): Promise<readonly string[]> {
  return page.locator('[role=option] .id').allTextContents()
}

/** The number of calls that the head of the list tells. */
export async function countOfList(page: Page): Promise<number> {
  return numberIn(await page.locator('#calls-title .quiet').first().textContent())
}

function numberIn(text: string | null | undefined): number {
  return Number((text ?? '').replace(/[^\d.]/g, '') || Number.NaN)
}
