import TinyQueue from 'tinyqueue'
import { EmulatorError } from './error.ts'

/** What is to happen at which time of the emulator's clock. Times in milliseconds since 1970. */
export interface Scheduler {
  /** While an action runs, its own time, however late it runs: so two runs of one seed have the same times. */
  now(): number
  /** Runs an action now, in one instant, however long it takes: else a clock that runs would go on inside it. */
  atOnce<Value>(action: () => Value): Value
  /** Runs an action at a time, or soon where that has passed. Answers how to cancel it. */
  at(time: number, action: () => void): () => void
  /**
   * Says that work outside, such as a request, goes on, and will schedule nothing for a time
   * before `until`. The step clock waits for it before it passes `until`. The work must not fail.
   */
  during(work: Promise<void>, until: number): void
  /** Moves the step clock and runs what comes due; rejects with `clock-runs` on any other clock, and with `invalid-option` for a time that is none. */
  advance(ms: number): Promise<void>
  /** Resolves when nothing is left to do; moves the step clock up to there. Rejects with `stopped`. */
  idle(): Promise<void>
  /** Forgets what was to come, and stops the timer; resolves when the work outside has ended. */
  stop(): Promise<void>
}

/** The last time that the clock can be moved to, in milliseconds since 1970: what ISO 8601 writes with four digits of a year. */
export const LAST_TIME: number = Date.UTC(9999, 11, 31)

/** The clock under a scheduler: `step` stands still, a number is how many times faster than time it runs. */
export type Pace = 'step' | number

/** A scheduler whose clock begins at `startAt`. */
export function createScheduler(pace: Pace, startAt: number): Scheduler {
  const clock = pace === 'step' ? createStepClock(startAt) : createRunningClock(pace, startAt)
  const { now, atOnce, put, head, runHead, clear } = createEntries(clock)
  const work = createWork()
  let isStopped = false
  let turn: Promise<void> = Promise.resolve()

  const wake = () => {
    if (pace === 'step' || isStopped) return
    clock.wakeAt(head()?.time ?? null, () => {
      const due = clock.now()
      while ((head()?.time ?? Number.POSITIVE_INFINITY) <= due) runHead()
      wake()
      work.changed()
    })
  }
  const stepTo = async (target: number) => {
    while (!isStopped) {
      const next = head()
      if (next !== undefined && next.time <= target && next.time <= work.earliest()) {
        clock.moveTo(next.time)
        runHead()
      } else if (work.size > 0) await work.change()
      else break
    }
    if (Number.isFinite(target)) clock.moveTo(target)
  }
  // Steps that are asked for at once are taken one after the other.
  const inTurn = (steps: () => Promise<void>) => {
    const taken = turn.then(steps)
    turn = taken.catch(() => {})
    return taken
  }
  const refuseWhenStopped = () => {
    if (isStopped) throw new EmulatorError('stopped', 'The emulator was stopped.')
  }

  return {
    now,
    atOnce,
    at(time, action) {
      if (isStopped) return () => {}
      const cancel = put(time, action)
      wake()
      return () => {
        cancel()
        work.changed()
      }
    },
    during: work.add,
    async advance(ms) {
      refuseWhenStopped()
      if (pace !== 'step') {
        const message = 'advance moves the step clock; start the emulator with clock: "step".'
        throw new EmulatorError('clock-runs', message)
      }
      await inTurn(async () => {
        const target = clock.now() + ms
        if (ms >= 0 && target <= LAST_TIME) return stepTo(target)
        const message = 'advance takes milliseconds, 0 or more, up to the end of the year 9999.'
        throw new EmulatorError('invalid-option', message)
      })
    },
    async idle() {
      if (pace === 'step') await inTurn(() => stepTo(Number.POSITIVE_INFINITY))
      else {
        while (!isStopped && (head() !== undefined || work.size > 0)) await work.change()
      }
      refuseWhenStopped()
    },
    async stop() {
      isStopped = true
      clock.wakeAt(null, () => {})
      clear()
      work.changed()
      while (work.size > 0) await work.change()
    },
  }
}

interface Entry {
  readonly time: number
  /** Entries of one time run in the order in which they came. */
  readonly order: number
  /** Null once it was canceled. */
  action: (() => void) | null
}

/** What is scheduled on a clock, and the time while it is done. */
function createEntries(clock: Clock) {
  const queue = new TinyQueue<Entry>([], (a, b) => a.time - b.time || a.order - b.order)
  let orders = 0
  let runningTime: number | null = null
  const now = () => runningTime ?? clock.now()
  const runAt = <Value>(time: number, action: () => Value): Value => {
    const before = runningTime
    runningTime = time
    try {
      return action()
    } finally {
      runningTime = before
    }
  }
  return {
    now,
    atOnce: <Value>(action: () => Value) => runAt(now(), action),
    /** Answers how to cancel it. */
    put(time: number, action: () => void) {
      const entry: Entry = { time: Math.max(time, clock.floor()), order: orders++, action }
      queue.push(entry)
      return () => {
        entry.action = null
      }
    },
    head(): Entry | undefined {
      while (queue.peek()?.action === null) queue.pop()
      return queue.peek()
    },
    runHead() {
      const entry = queue.pop()
      if (entry !== undefined && entry.action !== null) runAt(entry.time, entry.action)
    },
    clear() {
      while (queue.pop() !== undefined);
    },
  }
}

interface Clock {
  now(): number
  /** The earliest time for which something can still be scheduled. */
  floor(): number
  moveTo(time: number): void
  wakeAt(time: number | null, action: () => void): void
}

function createStepClock(startAt: number): Clock {
  let time = startAt
  return {
    now: () => time,
    floor: () => time,
    moveTo(target) {
      time = Math.max(time, target)
    },
    wakeAt() {},
  }
}

/** The longest time that a timer of Node can wait, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1

function createRunningClock(speed: number, startAt: number): Clock {
  const startedAt = performance.now()
  const now = () => Math.floor(startAt + (performance.now() - startedAt) * speed)
  let timer: NodeJS.Timeout | undefined
  let timerAt: number | null = null
  return {
    now,
    // What comes late keeps its own time, so that no delay of this machine adds up.
    floor: () => Number.NEGATIVE_INFINITY,
    moveTo() {},
    wakeAt(time, action) {
      if (time === timerAt && timer !== undefined) return
      clearTimeout(timer)
      timer = undefined
      timerAt = time
      if (time === null) return
      const waitMs = Math.min(Math.max(0, Math.ceil((time - now()) / speed)), MAX_TIMER_MS)
      timer = setTimeout(() => {
        timer = undefined
        action()
      }, waitMs)
    },
  }
}

/** The work outside that goes on. */
function createWork() {
  const limits = new Map<Promise<void>, number>()
  let earliest: number | null = Number.POSITIVE_INFINITY
  let waiters: (() => void)[] = []
  const changed = () => {
    const woken = waiters
    waiters = []
    for (const wake of woken) wake()
  }
  return {
    get size() {
      return limits.size
    },
    changed,
    /** Resolves at the next change. */
    change: () => new Promise<void>((resolve) => void waiters.push(resolve)),
    /** The least of the limits. */
    earliest(): number {
      earliest ??= Math.min(...limits.values(), Number.POSITIVE_INFINITY)
      return earliest
    },
    add(work: Promise<void>, until: number) {
      limits.set(work, until)
      if (earliest !== null) earliest = Math.min(earliest, until)
      void work.then(() => {
        limits.delete(work)
        if (until === earliest) earliest = null
        changed()
      })
    },
  }
}
