import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { launchChromium } from '../../inspector/test/browser/chromium.fixture.ts'
import { startCrowd } from '../../inspector/test/browser/crowd.fixture.ts'
import { fluencyOf, paintMsOf } from '../../inspector/test/browser/fluency.fixture.ts'
import { figureOf, type Measured } from './measure.ts'
import type { Ceiling, Section } from './report.ts'

const EVENTS_PER_SECOND = 500
const LOOK_EVERY_MS = 50
const MAX_PAINT_MS = 1000
/** Longer ones are felt. */
const MAX_TASK_MS = 50
/** Sixty frames a second, and a little for the clock. */
const MAX_FRAME_MS = 17

/** What is on the page while it is watched. */
const VIEWS = [
  ['all calls', '#/'],
  ['an open call', '#/calls/bolna%20call-000001'],
  ['a search', '#/?q=call-00&order=latest'],
] as const

/** The inspector's page in a real Chromium, with so many calls and 500 events a second. */
export async function benchPage(calls: number, rounds: number): Promise<Section> {
  const paint: number[] = []
  const views = VIEWS.map(([name]) => ({
    name,
    frames: [] as number[],
    tasks: [] as number[],
    busy: [] as number[],
  }))
  const browser = await launchChromium()
  try {
    for (let round = 0; round < rounds; round++) {
      await using crowd = await startCrowd(calls)
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
      await page.goto(crowd.inspector.url)
      await untilTold(page, 'calls', calls)
      paint.push(await paintMsOf(page))
      const sending = crowd.send(EVENTS_PER_SECOND)
      for (const [place, [, hash]] of VIEWS.entries()) {
        await page.evaluate(`location.hash = '${hash}'`)
        const { frameMs, longestTaskMs, busy } = await fluencyOf(page)
        views[place]?.frames.push(frameMs)
        views[place]?.tasks.push(longestTaskMs)
        views[place]?.busy.push(100 * busy)
      }
      sending.stop()
      await untilTold(page, 'events', calls + sending.sent())
      await page.close()
    }
  } finally {
    await browser.close()
  }
  const median = (values: readonly number[]) => figureOf(values).median
  const ceiling = (name: string, values: readonly number[], atMost: number): Ceiling => ({
    name,
    value: median(values),
    atMost,
    unit: 'ms',
  })
  return {
    title: `the page, ${calls.toLocaleString('en')} calls and ${EVENTS_PER_SECOND} events a second`,
    unit: '% busy',
    note: 'A real Chromium on this machine. Busy: of the time, what the page works; everything that was sent came.',
    sides: views.map(({ name, busy }): Measured => ({ name, values: busy })),
    comparisons: [],
    ceilings: [
      ceiling('first paint', paint, MAX_PAINT_MS),
      ...views.flatMap(({ name, frames, tasks }) => [
        ceiling(`${name}: 95 of 100 frames`, frames, MAX_FRAME_MS),
        ceiling(`${name}: longest task (0: under 50)`, tasks, MAX_TASK_MS),
      ]),
    ],
  }
}

/** Waits until the head of the page tells this number. */
async function untilTold(page: Page, name: string, count: number): Promise<void> {
  for (;;) {
    const names = await page.locator('.totals dt').allTextContents()
    const numbers = await page.locator('.totals dd').allTextContents()
    if (numbers[names.indexOf(name)]?.replace(/\D/g, '') === `${count}`) return
    await wait(LOOK_EVERY_MS)
  }
}
