// A receiver of Bolna webhooks in a process of its own, as bare as can be: it notes what came when.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FAST_SPEED } from '@callstate/emulator'
import { quantile } from './measure.ts'

/** What it is asked with: when the emulator's clock showed which time. Milliseconds since 1970. */
export interface ClockStart {
  readonly startedAt: number
  readonly startAt: number
}

/** What it answers. */
export interface Heard {
  readonly requests: number
  /** Each status of each call counts once. */
  readonly webhooks: number
  readonly completed: number
  /** How many milliseconds of real time after their planned time webhooks came. */
  readonly medianLateMs: number
  readonly mostLateMs: number
  /** When the last one came, in milliseconds since 1970. */
  readonly lastAt: number
}

const webhooks = new Set<string>()
const arrivals: { readonly at: number; readonly plannedAt: number }[] = []
let completed = 0

const server = createServer((request, response) => {
  const at = Date.now()
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    response.end()
    const { id, status, updated_at } = JSON.parse(Buffer.concat(parts).toString())
    const name = `${id} ${status}`
    if (status === 'completed' && !webhooks.has(name)) completed++
    webhooks.add(name)
    arrivals.push({ at, plannedAt: timeOf(updated_at) })
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

process.on('message', ({ startedAt, startAt }: ClockStart) => {
  const late = arrivals
    .map(({ at, plannedAt }) => at - startedAt - (plannedAt - startAt) / FAST_SPEED)
    .sort((a, b) => a - b)
  process.send?.({
    requests: arrivals.length,
    webhooks: webhooks.size,
    completed,
    medianLateMs: quantile(late, 0.5),
    mostLateMs: quantile(late, 1),
    lastAt: Math.max(...arrivals.slice(-1000).map(({ at }) => at)),
  } satisfies Heard)
})
process.on('disconnect', () => process.exit())

/** Times stand with and without an offset, and are UTC in both forms. */
function timeOf(text: string): number {
  return Date.parse(text.endsWith('+00:00') ? text : `${text}+00:00`)
}
