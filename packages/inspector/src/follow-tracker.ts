import { setTimeout as pause } from 'node:timers/promises'
import type { Change, TrackedCall, Tracker } from '@callstate/tracker'

/** How long a failed listing waits before it is tried again, in milliseconds. */
export const LIST_AGAIN_MS = 1000

/** Calls on one page of a list: the most that a tracker gives. */
const PAGE_SIZE = 1000

/** What a follower of a tracker does. */
export interface TrackerFollower {
  /** The newest calls that are listed at most. */
  readonly calls: number
  /** The calls that there are, the newest first: at the start, and again after changes were lost. */
  onListed(calls: readonly TrackedCall[]): void | Promise<void>
  /** A change. What it says may be older than what was listed. */
  onChange(change: Change): void | Promise<void>
}

/** A follower at work. */
export interface Following {
  /** Resolves after the first listing; rejects where it fails. */
  readonly ready: Promise<void>
  stop(): Promise<void>
}

/**
 * Tells the calls of a tracker and then every change. It watches before it lists, so that nothing falls
 * between the two; where more changes wait than the watcher holds, it lists again.
 */
export function followTracker(tracker: Tracker, follower: TrackerFollower): Following {
  const stopping = new AbortController()
  const { signal } = stopping
  let isListed = false
  let listed = () => {}
  let failed = (_: unknown) => {}
  const ready = new Promise<void>((resolve, reject) => {
    listed = resolve
    failed = reject
  })

  async function round(): Promise<void> {
    const changes = tracker.watch({}, { signal })
    try {
      await follower.onListed(await listCalls(tracker, follower.calls, signal))
      isListed = true
      listed()
      for await (const change of changes) await follower.onChange(change)
    } finally {
      await changes.return()
    }
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      try {
        return await round()
      } catch (error) {
        if (!isListed) return failed(error)
        const code: unknown = Reflect.get(Object(error), 'code')
        if (code === 'closed') return
        if (code !== 'watch-overflow') {
          await pause(LIST_AGAIN_MS, undefined, { signal }).catch(() => {})
        }
      }
    }
  }

  const ended = follow().finally(listed)
  return {
    ready,
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

async function listCalls(
  tracker: Tracker,
  most: number,
  signal: AbortSignal,
): Promise<readonly TrackedCall[]> {
  const calls: TrackedCall[] = []
  let cursor: string | null = null
  do {
    const limit = Math.min(PAGE_SIZE, most - calls.length)
    if (limit < 1 || signal.aborted) break
    const page = await tracker.list({ limit, cursor })
    calls.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return calls
}
