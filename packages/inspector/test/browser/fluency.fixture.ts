import type { CDPSession, Page } from 'playwright-core'

/** How a page does its work. Times in milliseconds. */
export interface Fluency {
  /** 95 of 100 frames came within this time after the one before. */
  readonly frameMs: number
  /** The longest task that kept everything else waiting; 0 where none took 50 ms. */
  readonly longestTaskMs: number
  /** Of the time, what the page spent on its work. */
  readonly busy: number
}

/** Two and a half seconds, where every frame comes in time. */
const FRAMES = 150

interface Seen {
  readonly frames: readonly number[]
  /** Tasks of 50 ms and more. */
  readonly longTasks: readonly number[]
}

/** Resolves after so many frames. */
const WATCH = `new Promise((resolve) => {
  const seen = { frames: [], longTasks: [] }
  const tell = (list) => seen.longTasks.push(...list.getEntries().map((task) => task.duration))
  const observer = new PerformanceObserver(tell)
  observer.observe({ type: 'longtask' })
  let before = performance.now()
  const next = (now) => {
    seen.frames.push(now - before)
    before = now
    if (seen.frames.length < ${FRAMES}) return requestAnimationFrame(next)
    observer.disconnect()
    resolve(seen)
  }
  requestAnimationFrame(next)
})`

/** Watches a page at its work for a while. */
export async function fluencyOf(page: Page): Promise<Fluency> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const before = await workOf(session)
  const { frames, longTasks } = await page.evaluate<Seen>(WATCH)
  const after = await workOf(session)
  await session.detach()
  return {
    frameMs: frames.toSorted((a, b) => a - b)[Math.floor(0.95 * frames.length)] ?? Number.NaN,
    longestTaskMs: Math.max(0, ...longTasks),
    busy: (after.taskS - before.taskS) / (after.atS - before.atS),
  }
}

/** How long it took from the request to the first paint, in milliseconds. */
export function paintMsOf(page: Page): Promise<number> {
  return page.evaluate<number>(
    'performance.getEntriesByName("first-contentful-paint")[0].startTime',
  )
}

async function workOf(
  session: CDPSession,
): Promise<{ readonly atS: number; readonly taskS: number }> {
  const { metrics } = await session.send('Performance.getMetrics')
  const value = (name: string) =>
    metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
  return { atS: value('Timestamp'), taskS: value('TaskDuration') }
}
