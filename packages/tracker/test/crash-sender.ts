import { Agent, request } from 'node:http'
import { type Sent, sentCalls } from './sent-calls.ts'

/** Deliveries that are under way at most. */
const LANES = 16

/** Calls that are drawn at a time, when there is nothing left to send. */
const CALLS_AT_A_TIME = 40

/** How many other deliveries go first before one is repeated. */
const REPEAT_AFTER = 20

/** The body of an event, by call. */
export type Bodies = ReadonlyMap<string, ReadonlySet<string>>

export interface SendCounts {
  events: number
  deliveries: number
  acknowledged: number
  repeats: number
  storedUnacknowledged: number
}

/** A provider that delivers webhooks, and repeats those that were not acknowledged. */
export interface CrashSender {
  /** Sends, with new calls if need be, until the receiver is gone. */
  send(port: number, receiver: Receiver): Promise<void>
  /** Sends what was begun until everything is acknowledged. Throws where the receiver goes before. */
  sendTheRest(port: number, receiver: Receiver): Promise<void>
  readonly inFlight: number
  readonly sent: Bodies
  readonly acknowledged: Bodies
  readonly counts: Readonly<SendCounts>
}

export interface Receiver {
  isOver(): boolean
  onSend?(): void
}

export function createCrashSender(seed: number): CrashSender {
  const queue: Sent[] = []
  const sent = new Map<string, Set<string>>()
  const acknowledged = new Map<string, Set<string>>()
  const counts = { events: 0, deliveries: 0, acknowledged: 0, repeats: 0, storedUnacknowledged: 0 }
  let inFlight = 0
  let drawn = 0

  function next(mayDraw: boolean): Sent | undefined {
    if (queue.length === 0 && mayDraw) queue.push(...sentCalls(seed + drawn++, CALLS_AT_A_TIME))
    return queue.shift()
  }

  async function deliver(one: Sent, url: string, agent: Agent): Promise<void> {
    counts.deliveries++
    if (add(sent, one)) counts.events++
    inFlight++
    const answer = await post(url, one.body, agent).finally(() => inFlight--)
    if (answer === null || answer.status === 503) {
      counts.repeats++
      queue.splice(REPEAT_AFTER, 0, one)
      return
    }
    if (answer.status !== 200) throw new Error(`A delivery was refused: ${answer.body}`)
    counts.acknowledged++
    const isRepeated = JSON.parse(answer.body).repeated === true
    if (add(acknowledged, one) && isRepeated) counts.storedUnacknowledged++
  }

  async function run(port: number, { isOver, onSend }: Receiver, mayDraw: boolean): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: LANES })
    const url = `http://127.0.0.1:${port}/`
    const lane = async () => {
      while (!isOver()) {
        const one = next(mayDraw)
        if (one === undefined) return
        onSend?.()
        await deliver(one, url, agent)
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    agent.destroy()
  }

  return {
    send: (port, receiver) => run(port, receiver, true),
    async sendTheRest(port, receiver) {
      await run(port, receiver, false)
      if (queue.length > 0) throw new Error('The receiver ended before everything was delivered.')
    },
    get inFlight() {
      return inFlight
    },
    sent,
    acknowledged,
    counts,
  }
}

/** Whether it was not there before. */
function add(bodies: Map<string, Set<string>>, { callId, body }: Sent): boolean {
  const known = bodies.get(callId) ?? new Set()
  const isNew = !known.has(body)
  bodies.set(callId, known.add(body))
  return isNew
}

/** The whole answer; null where there is none. */
function post(
  url: string,
  body: string,
  agent: Agent,
): Promise<{ readonly status: number | undefined; readonly body: string } | null> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' }
    const sending = request(url, { method: 'POST', headers, agent }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode, body: text }))
      answer.on('error', () => resolve(null))
    })
    sending.on('error', () => resolve(null))
    sending.end(body)
  })
}
