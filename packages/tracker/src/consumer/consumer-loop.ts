import { createWakeUp } from '../wake-up.ts'
import { createClaimedWork } from './claimed-work.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { insist } from './insist.ts'
import { fill, isRefusal, register } from './registration.ts'

/** What claims calls and dead letters and has them handled, a limited number at once. */
export interface ConsumerLoop {
  /** Resolves when the consumer is registered; rejects where it is stopped before, or is refused. */
  readonly ready: Promise<void>
  /** Resolves when the loop has ended and with it everything that it began. */
  readonly ended: Promise<void>
  /** Looks for work at once. */
  wake(): void
  /** Resolves when a look found nothing due and nothing is running, or the loop has ended; rejects as `ready` does where it never began. */
  idle(): Promise<void>
}

/** Runs until `run.stopping` aborts. Store failures are logged and waited out; nothing ever rejects but `ready`. */
export function runLoop(run: ConsumerRun): ConsumerLoop {
  const { settings, stopping } = run
  const idlers = new Set<() => void>()
  const wakeUp = createWakeUp()
  const work = createClaimedWork(run, wakeUp.call)
  let isFilling = true
  let isOver = false

  async function look(): Promise<void> {
    const asking = [...idlers]
    if ((await work.claim()) || work.size > 0 || isFilling) return
    for (const resolve of asking) {
      idlers.delete(resolve)
      resolve()
    }
  }

  async function tick(): Promise<void> {
    while (!stopping.aborted) {
      await settings.sleep(settings.everyMs, stopping)
      work.expectLetters()
      wakeUp.call()
    }
  }

  /** Beside handling: what is known already is handled while the rest is made known. */
  async function fillAll(): Promise<void> {
    await fill(run, wakeUp.call)
    isFilling = false
    wakeUp.call()
  }

  async function go(): Promise<void> {
    const isRegistered = await ready.then(
      () => true,
      () => false,
    )
    if (isRegistered) {
      const beside = [tick(), fillAll()]
      while (await insist(run, look)) await wakeUp.called()
      await Promise.all(beside)
    }
    isOver = true
    await work.ended()
    for (const resolve of idlers) resolve()
  }

  const ready = register(run)
  // Who waits for a consumer that does not run would wait for nothing, and be told that all is done.
  const unlessRefused = () =>
    ready.catch((error: unknown) => {
      if (isRefusal(error)) throw error
    })
  return {
    ready,
    ended: go(),
    wake: wakeUp.call,
    idle() {
      if (stopping.aborted) return Promise.resolve()
      if (isOver) return unlessRefused()
      const nothingDue = new Promise<void>((resolve) => {
        idlers.add(resolve)
        work.expectLetters()
        wakeUp.call()
      })
      return nothingDue.then(unlessRefused)
    },
  }
}
