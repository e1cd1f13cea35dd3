// A process that fills a database with so many calls, tells how far it is, and at the end how much
// memory it holds and how long an event took.

import { EVENTS_PER_CALL, fill, openTracker } from './tracker-fill.ts'

/** What it prints, one a line: how far it is, and the last time what it found. */
export interface FillReport {
  readonly calls: number
  readonly rssMB: number
  readonly microsPerEvent: number
}

const [path = '', size = ''] = process.argv.slice(2)
const STEPS = 20
const calls = Number(size)
const tracker = openTracker(path)
const start = performance.now()
let shown = 0
await fill(tracker, 0, calls, (done) => {
  if (done < calls && done - shown < calls / STEPS) return
  shown = done
  const microsPerEvent = ((performance.now() - start) * 1000) / (done * EVENTS_PER_CALL)
  const report: FillReport = {
    calls: done,
    rssMB: process.memoryUsage.rss() / 1e6,
    microsPerEvent,
  }
  console.log(JSON.stringify(report))
})
await tracker.close()
