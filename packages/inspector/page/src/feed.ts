import { type ReadonlySignal, signal } from '@preact/signals'
import type { CallRow, Counts, Hello } from '../../src/wire.ts'
import { createCallIndex } from './call-index.ts'
import type { Route } from './route.ts'
import { type ServerClock, serverTime } from './server-clock.ts'
import type { StreamListener } from './stream.ts'

/** What the stream has told so far, sorted and filtered as the route says. */
export interface Feed {
  readonly hello: ReadonlySignal<Hello | null>
  /** Whether all calls that there were at the start have come. */
  readonly isComplete: ReadonlySignal<boolean>
  readonly counts: ReadonlySignal<Counts>
  readonly shown: ReadonlySignal<readonly CallRow[]>
  readonly overdue: ReadonlySignal<number>
  /** The server's time, to the second. */
  readonly now: ReadonlySignal<number>
  readonly listener: StreamListener
  /** The call as the list has it now. */
  rowOf(key: string): CallRow | undefined
  /** Sorts and filters as the route says now. */
  show(): void
  /** Lets time pass: to be called every second. */
  tick(): void
}

/** What else wants to know of news. */
export interface FeedObserver {
  /** The stream was opened anew; `isSameRun` says that the server has not been restarted since. */
  opened(isSameRun: boolean): void
  heard(rows: readonly CallRow[]): void
}

/** What the chart shows before anything was heard. */
const NO_COUNTS: Counts = {
  calls: 0,
  settled: 0,
  findings: 0,
  statuses: {},
  unrecognized: 0,
  moves: {},
  conflicts: {},
  events: 0,
  eventsPerSecond: 0,
}

export function createFeed(route: ReadonlySignal<Route>, observer: FeedObserver): Feed {
  const index = createCallIndex()
  const hello = signal<Hello | null>(null)
  const isComplete = signal(false)
  const counts = signal<Counts>(NO_COUNTS)
  const shown = signal<readonly CallRow[]>([])
  const overdue = signal(0)
  const now = signal(Date.now())
  let clock: ServerClock = { time: now.value, heardAt: performance.now(), speed: 1 }
  // Calls that have not come again since the stream was opened anew.
  let missing = new Set<string>()

  const setClock = (time: number) => {
    clock = { time, heardAt: performance.now(), speed: hello.value?.speed ?? 1 }
  }
  const show = () => {
    const { filter, order } = route.value
    index.show(filter, order, now.value)
    shown.value = index.shown
  }

  const listener: StreamListener = {
    hello(data) {
      const isSameRun = hello.value?.run === data.run
      hello.value = data
      setClock(data.now)
      now.value = data.now
      missing = new Set(isSameRun ? index.rows.keys() : [])
      if (!isSameRun) {
        index.clear()
        isComplete.value = false
        counts.value = NO_COUNTS
        shown.value = index.shown
      }
      observer.opened(isSameRun)
    },
    rows({ rows, done }) {
      for (const { key } of rows) missing.delete(key)
      index.update(rows, done ? [...missing] : [], now.value)
      if (done) {
        missing.clear()
        isComplete.value = true
        overdue.value = index.countOverdue(now.value)
      }
      shown.value = index.shown
    },
    update(data) {
      setClock(data.now)
      index.update(data.rows, data.gone, now.value)
      counts.value = data.counts
      shown.value = index.shown
      observer.heard(data.rows)
    },
  }

  return {
    hello,
    isComplete,
    counts,
    shown,
    overdue,
    now,
    listener,
    rowOf: (key) => index.rows.get(key),
    show,
    tick() {
      now.value = serverTime(clock, performance.now())
      overdue.value = index.countOverdue(now.value)
      // Calls become overdue by the passing of time alone.
      if (route.value.filter.overdue) show()
    },
  }
}
