import { setMaxListeners } from 'node:events'
import type { Delivery } from 'callstate/providers'
import type { Message } from './provider-api.ts'
import type { Random } from './random.ts'
import { createRequestQueue, type RequestQueue } from './request-queue.ts'
import type { Scheduler } from './scheduler.ts'
import { send } from './send.ts'
import type { DeliveryTruth, TryTruth } from './truth.ts'
import { type Fall, fallOf, type Mishap, REORDER_WAIT_MS, type Weather } from './weather.ts'
import type { Sender } from './webhooks.ts'

/** What is to be delivered, and how. */
export interface Order {
  readonly message: Message
  readonly event: DeliveryTruth['event']
  /** The call, or what else it is about, under its provider; what is about one thing arrives in the order in which it is sent. */
  readonly about: string
  /** The delivery's own stream. */
  readonly random: Random
  readonly sender: Sender
}

/** Brings webhooks through the weather to their receivers. */
export interface Dispatcher {
  /** Takes an order in, and answers what becomes of it; the answer changes until all tries are over. */
  send(order: Order): DeliveryTruth
  /** Gives up what is on its way. */
  stop(): void
}

export interface DispatcherOptions {
  readonly scheduler: Scheduler
  readonly weather: Weather
  /** Requests that go on at once, at most. */
  readonly maxInFlight: number
  /** How long a receiver may take, in milliseconds of real time. */
  readonly receiverTimeoutMs: number
  readonly onWebhook?: WebhookListener | undefined
  readonly onDelivery?: DeliveryListener | undefined
}

/** What happened to a webhook just now. */
export interface WebhookNews {
  /** The call, or what else the webhook is about, under its provider: `bolna/<id>`. */
  readonly about: string
  readonly event: DeliveryTruth['event']
  readonly isFinal: boolean
  readonly mishaps: readonly Mishap[]
  /** The request that was made; null where the weather took the webhook. */
  readonly try: TryTruth | null
}

/** Is told of every request to a receiver when it is over, and of every webhook that gets lost. */
export type WebhookListener = (news: WebhookNews) => void

/** A request to a receiver, as it is sent. */
export interface SentDelivery {
  /** Whose webhook it is. */
  readonly provider: string
  /**
   * Method, address, headers, bytes, the address that it stands for as `remoteAddress`, and as
   * `receivedAt` the time by the emulator's clock: what an envelope is written of.
   */
  readonly delivery: Delivery
}

/** Is told of every request that is really sent, just before it goes, in the order in which they go. */
export type DeliveryListener = (sent: SentDelivery) => void

/** How long after a request the sender takes an answer that the weather delays for lost, in milliseconds of the emulator's clock. */
export const SLOW_ANSWER_MS = 10_000

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

/**
 * A delivery whose truth is still being written. It does not hold the message: the truth outlives it.
 * A class, since a getter in an object literal costs every object half a kilobyte.
 */
class LiveDelivery implements DeliveryTruth {
  readonly event: DeliveryTruth['event']
  readonly at: number
  readonly isFinal: boolean
  mishaps: readonly Mishap[]
  tries: readonly TryTruth[] = []
  /** Tries that go on or are to come. */
  open = 0
  readonly #isLost: boolean

  constructor({ message, event }: Order, at: number, { mishaps, isLost }: Fall) {
    this.event = event
    this.at = at
    this.isFinal = message.isFinal
    this.mishaps = mishaps
    this.#isLost = isLost
  }

  get outcome(): DeliveryTruth['outcome'] {
    if (this.#isLost) return 'lost'
    if (this.open > 0) return 'pending'
    return this.tries.some(isTaken) ? 'delivered' : 'failed'
  }
}

/** A dispatcher on the emulator's clock. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { scheduler, weather } = options
  const stopping = new AbortController()
  // Every request listens, so many as may go on at once: that is no leak.
  setMaxListeners(0, stopping.signal)
  const requests: RequestSettings = {
    queue: createRequestQueue(options.maxInFlight),
    timeoutMs: options.receiverTimeoutMs,
    signal: stopping.signal,
    onDelivery: options.onDelivery,
  }
  const tell = (delivery: LiveDelivery, about: string, made: TryTruth | null) => {
    const { event, isFinal, mishaps } = delivery
    // Apart from all else, so that what a listener throws is its own failure and no delivery's.
    queueMicrotask(() => options.onWebhook?.({ about, event, isFinal, mishaps, try: made }))
  }
  /** By what they are about: the delivery that waits to change places with the next. */
  const heldBack = new Map<string, (at: number) => void>()

  const tryAt = (delivery: LiveDelivery, order: Order, at: number, copy = 1, number = 1) => {
    delivery.open++
    scheduler.at(at, () => {
      // The second of a duplicate is nothing that the sender knows of: it is never tried again.
      const delayMs = copy === 1 ? order.sender.retryDelaysMs[number - 1] : undefined
      const until = delayMs === undefined ? Number.POSITIVE_INFINITY : at + delayMs
      const making = makeTry(requests, delivery, order, { at, copy, try: number }).then((made) => {
        delivery.open--
        tell(delivery, order.about, { ...made })
        const { outcome } = made
        const isOver = outcome === 'delivered' || outcome === 'aborted'
        if (isOver || delayMs === undefined) return
        const retryAt = at + delayMs + (outcome === 'timed-out' ? SLOW_ANSWER_MS : 0)
        tryAt(delivery, order, retryAt, copy, number + 1)
      })
      scheduler.during(making, until)
    })
  }

  const startAt = (
    delivery: LiveDelivery,
    order: Order,
    at: number,
    duplicateMs: number | null,
  ) => {
    tryAt(delivery, order, at)
    if (duplicateMs !== null) tryAt(delivery, order, at + duplicateMs, 2)
  }

  const holdBack = (delivery: LiveDelivery, order: Order, duplicateMs: number | null) => {
    const { about } = order
    delivery.open++
    const release = (at: number) => {
      heldBack.delete(about)
      cancel()
      delivery.open--
      startAt(delivery, order, at, duplicateMs)
    }
    const cancel = scheduler.at(delivery.at + REORDER_WAIT_MS, () => {
      // Nothing came to change places with: all that happened is a delay.
      delivery.mishaps = delivery.mishaps.map((one) => (one === 'reordered' ? 'delayed' : one))
      release(delivery.at + REORDER_WAIT_MS)
    })
    heldBack.set(about, release)
  }

  return {
    send(order) {
      const { message, about, random } = order
      const now = scheduler.now()
      const fall = fallOf(weather, message.isFinal, now, random)
      const delivery = new LiveDelivery(order, now, fall)
      const held = heldBack.get(about)
      if (fall.mishaps.includes('reordered') && held === undefined) {
        holdBack(delivery, order, fall.duplicateMs)
      } else if (!fall.isLost) {
        // Two that would both wait for the next have changed places with each other.
        delivery.mishaps = fall.mishaps.filter((one) => one !== 'reordered')
        const at = now + fall.delayMs
        startAt(delivery, order, at, fall.duplicateMs)
        held?.(at + 1)
      } else tell(delivery, about, null)
      return delivery
    },
    stop: () => stopping.abort(),
  }
}

/** What every try is made with. */
interface RequestSettings {
  readonly queue: RequestQueue
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onDelivery: DeliveryListener | undefined
}

/** Makes one try and writes it down. */
async function makeTry(
  { queue, timeoutMs, signal, onDelivery }: RequestSettings,
  live: LiveDelivery,
  { message, about, sender, random }: Order,
  place: Pick<TryTruth, 'at' | 'copy' | 'try'>,
): Promise<TryTruth> {
  const [first, ...others] = sender.sourceAddresses
  const sourceAddress = first === undefined ? null : random.pick([first, ...others])
  const one: Writable<TryTruth> = { ...place, sourceAddress, answer: null, outcome: 'aborted' }
  // A list as long as it is: one that grows by itself keeps room for many.
  live.tries = [...live.tries, one]
  // Bursts come all together, also those of one call.
  const ownTurn = live.mishaps.includes('burst') ? null : about
  const sent = await queue.run(ownTurn, async () => {
    const delivery = await sender.deliveryOf(message, place.at, sourceAddress)
    if (!signal.aborted) queueMicrotask(() => onDelivery?.({ provider: sender.provider, delivery }))
    return send(delivery, { timeoutMs, signal })
  })
  const isFirst = place.copy === 1 && place.try === 1
  const isSlow = isFirst && live.mishaps.includes('slow') && sent.answer !== null
  one.answer = sent.answer
  one.outcome = isSlow ? 'timed-out' : sent.outcome
  return one
}

function isTaken({ answer }: TryTruth): boolean {
  return answer !== null && answer >= 200 && answer < 300
}
