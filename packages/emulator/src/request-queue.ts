/** Runs tasks, so many at once, and those about one subject one after the other. */
export interface RequestQueue {
  /** Runs a task when its turn has come; without a subject it waits for no other. */
  run<Value>(subject: string | null, task: () => Promise<Value>): Promise<Value>
}

/** Served places that are kept at most. */
const MAX_SERVED = 10_000

export function createRequestQueue(maxAtOnce: number): RequestQueue {
  const ends = new Map<string, Promise<unknown>>()
  // A queue whose first places are cut off now and then: `shift` moves all others, and there may be many.
  let waiting: (() => void)[] = []
  let served = 0
  let running = 0

  const inSlot = async <Value>(task: () => Promise<Value>) => {
    if (running >= maxAtOnce) await new Promise<void>((resolve) => void waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      // The slot goes on to the one who waits longest.
      const next = waiting[served]
      if (next === undefined) running--
      else {
        served++
        if (served > MAX_SERVED) {
          waiting = waiting.slice(served)
          served = 0
        }
        next()
      }
    }
  }

  return {
    run(subject, task) {
      if (subject === null) return inSlot(task)
      const before = ends.get(subject)
      const taken = before === undefined ? inSlot(task) : before.then(() => inSlot(task))
      const end = taken.then(
        () => {},
        () => {},
      )
      ends.set(subject, end)
      void end.then(() => {
        if (ends.get(subject) === end) ends.delete(subject)
      })
      return taken
    },
  }
}
