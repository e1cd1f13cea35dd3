import type { Decision } from 'callstate'
import type { TrackedCall } from '../calls/tracked-call.ts'
import { TrackerError } from '../error.ts'
import type { IntakeLimits } from './limits.ts'
import type { Message } from './message.ts'

/** What became of a message, as far as one call is concerned. */
export interface Taken {
  readonly message: Message
  /** Null for a message that tells no status. */
  readonly decision: Decision | null
  readonly repeated: boolean
  /** The call as it is stored now; null where there is none, and so nothing was kept. */
  readonly row: TrackedCall | null
  /** Its place in the call's history; null where nothing was added. */
  readonly sequence: number | null
}

/** A message that waits for the store. */
export interface Waiting {
  readonly message: Message
  readonly receivedAt: number
  /** How often another writer of its call was faster. */
  lostRaces: number
  resolve(taken: Taken): void
  reject(error: Error): void
}

/** Messages that wait for the store, in their order and not too many. */
export interface WaitingQueue {
  readonly isEmpty: boolean
  /**
   * Resolves when all of these, which came as one, are answered for. Rejects where one of them was not
   * stored, or at once, with `store-failed`, where more would wait than may.
   */
  add(messages: readonly Message[], receivedAt: number): Promise<readonly Taken[]>
  /** Takes the first ones out, so many at most; they count as waiting until they are answered for. */
  next(count: number): readonly Waiting[]
  /** Puts what was taken out back to the front. */
  putBack(waiting: readonly Waiting[]): void
}

/** A queue without messages. */
export function createWaitingQueue(
  limits: Pick<IntakeLimits, 'waiting' | 'waitingCharacters'>,
): WaitingQueue {
  const queue: Waiting[] = []
  let count = 0
  let characters = 0

  return {
    get isEmpty() {
      return queue.length === 0
    },
    add(messages, receivedAt) {
      // The events of one message share its text.
      const length = messages.reduce((most, { payload }) => Math.max(most, payload?.length ?? 0), 0)
      const isTooMany = count + messages.length > limits.waiting
      if (count > 0 && (isTooMany || characters + length > limits.waitingCharacters)) {
        return Promise.reject(tooMany())
      }
      count += messages.length
      characters += length
      return new Promise((resolve, reject) => {
        const taken: Taken[] = []
        let left = messages.length
        let failure: Error | null = null
        // To the last one, also where the first fails: what comes again must not meet it on its way.
        const ended = () => {
          if (--left > 0) return
          count -= messages.length
          characters -= length
          if (failure === null) resolve(taken)
          else reject(failure)
        }
        for (const [place, message] of messages.entries()) {
          queue.push({
            message,
            receivedAt,
            lostRaces: 0,
            resolve(one) {
              taken[place] = one
              ended()
            },
            reject(error) {
              failure ??= error
              ended()
            },
          })
        }
      })
    },
    next: (most) => queue.splice(0, most),
    putBack(waiting) {
      queue.unshift(...waiting)
    },
  }
}

function tooMany(): TrackerError {
  return new TrackerError(
    'store-failed',
    'The store is too slow: as many messages wait for it as may. Deliver the event again.',
  )
}
