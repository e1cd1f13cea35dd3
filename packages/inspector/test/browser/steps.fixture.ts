import { type Call, type CallEvent, EMPTY_CALL, observe, timeline } from 'callstate'
import type { Page } from 'playwright-core'
import { until } from './page.fixture.ts'

/**
 * Steps through the open call with the keyboard, from its first event to its last, and compares what the
 * page shows with the events folded up to there.
 */
export async function expectEveryStep(page: Page, events: readonly CallEvent[]): Promise<void> {
  await page.keyboard.press('Home')
  let call = EMPTY_CALL
  for (const [place, event] of events.entries()) {
    if (place > 0) await page.keyboard.press('ArrowRight')
    call = observe(call, event).call
    await until(() => shownStep(page), stepOf(call, place + 1, events.length))
  }
}

interface ShownStep {
  readonly place: string
  readonly status: string
  /** Statuses that the chart lights, in its order. */
  readonly lit: readonly string[]
  readonly current: readonly string[]
  /** The statuses of each attempt on the strip. */
  readonly attempts: readonly (readonly string[])[]
}

function stepOf(call: Call, place: number, count: number): ShownStep {
  const story = timeline(call)
  const numbers = [...new Set(story.map(({ attempt }) => attempt))]
  const attempts = numbers.map((number) =>
    story.filter(({ attempt }) => attempt === number).map(({ status }) => status),
  )
  const lit = story.filter(({ attempt }) => attempt === call.attempt).map(({ status }) => status)
  return {
    place: `Event ${place} of ${count}`,
    status: call.status ?? 'no status yet',
    lit: lit.toSorted(),
    current: call.status === null ? [] : [call.status],
    attempts,
  }
}

async function shownStep(page: Page): Promise<ShownStep> {
  const statuses = (kind: string) =>
    page
      .locator(`.drawing [data-status].${kind}`)
      .evaluateAll((states) => states.map((state) => String(state.getAttribute('data-status'))))
  const place = await page.locator('.travel-place').textContent()
  const strips = await page.locator('.strip').all()
  return {
    place: /Event \d+ of \d+/.exec(place ?? '')?.[0] ?? '',
    status: (await page.locator('.status-name').textContent()) ?? '',
    lit: (await statuses('lit')).toSorted(),
    current: await statuses('current'),
    attempts: await Promise.all(
      strips.map(async (strip) => {
        const names = await strip.locator('.part-name').allTextContents()
        return names.map((name) => name.trim())
      }),
    ),
  }
}
