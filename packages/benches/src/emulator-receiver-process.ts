// A receiver of Bolna webhooks in a process of its own, as bare as can be: it notes what came when.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { quantile } from './measure.ts'

/** What it is asked with: when, in milliseconds since 1970, the emulator's clock showed which time. */
export interface ClockStart {
  readonly startedAt: number
  readonly startAt: number
  readonly speed: number
}

/** What it answers. */
export interface Heard {
  readonly requests: number
  /** Each status of each call counts once. */
  readonly statuses: number
  readonly completed: number
  /** Real time between the time that was planned and the coming, in milliseconds. */
  readonly medianLateMs: number
  readonly mostLateMs: number
  /** When the last one came, in milliseconds since 1970. */
  readonly lastAt: number
}

const statuses = new Set<string>()
const arrivals: { readonly at: number; readonly plannedAt: number }[] = []
let requests = 0
let completed = 0
let lastAt = Number.NaN

const server = createServer((request, response) => {
  const at = Date.now()
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    response.end()
    requests++
    lastAt = at
    const { id, status, updated_at } = JSON.parse(Buffer.concat(parts).toString())
    const name = `${id} ${status}`
    // A status that is told again, for data that came later, does not say when it was meant to come.
    if (statuses.has(name)) return
    statuses.add(name)
    if (status === 'completed') completed++
    arrivals.push({ at, plannedAt: timeOf(updated_at) })
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

process.on('message', ({ startedAt, startAt, speed }: ClockStart) => {
  const late = arrivals
    .map(({ at, plannedAt }) => at - startedAt - (plannedAt - startAt) / speed)
    .sort((a, b) => a - b)
  const [medianLateMs, mostLateMs] = [quantile(late, 0.5), quantile(late, 1)]
  const heard = { requests, statuses: statuses.size, completed, medianLateMs, mostLateMs, lastAt }
  process.send?.(heard satisfies Heard)
})
process.on('disconnect', () => process.exit())

/** Times stand with and without an offset, and are UTC in both forms. */
function timeOf(text: string): number {
  return Date.parse(text.endsWith('+00:00') ? text : `${text}+00:00`)
}
