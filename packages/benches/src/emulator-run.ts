// One run: the emulator and the receiver in processes of their own, the client in a thread.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Totals, Truth } from '@callstate/emulator'
import type { EmulatorMemory, EmulatorStarted } from './emulator-process.ts'
import type { ClockStart, Heard } from './emulator-receiver-process.ts'
import type { Load } from './http-load.ts'

export interface EmulatedLoad {
  readonly calls: number
  /** How many times faster than time the emulator's clock runs. */
  readonly speed: number
  /** For the heap of the emulator's process; null for Node's own limit. */
  readonly heapLimitMB: number | null
}

export interface EmulatedRun {
  readonly callsPerSecond: number
  /** From the time at which all calls came due to the last webhook. */
  readonly webhooksPerSecond: number
  readonly webhooks: number
  readonly medianLateMs: number
  readonly mostLateMs: number
  readonly peakMB: number
  readonly waitingMB: number
  readonly overMB: number
  readonly keptBytesPerCall: number
}

const START_AT = Date.UTC(2026, 0, 5, 9)
/** Bolna rounds `scheduled_at` up to a mark of so many milliseconds. */
const MARK_MS = 600_000
/** The emulator's time that a `scheduled_at` must lie ahead at least, with some room. */
const LEAST_LEAD_MS = 150_000
/** Real time in which all calls must have been placed; enough where the machine has much else to do. */
const PLACING_MS = { least: 3_000, perCall: 2.5 }
/** `scheduled`, and all from `queued` to `completed`. */
const STATUSES_PER_CALL = 7
const CONNECTIONS = 32

/** Places calls over HTTP that come due together, waits until they are over, and checks that nothing was lost. */
export async function runEmulator(load: EmulatedLoad): Promise<EmulatedRun> {
  const { calls, speed, heapLimitMB } = load
  const receiver = startProcess('./emulator-receiver-process.ts', [])
  const receiverPort = await answer<number>(receiver)
  const emulator = startProcess(
    './emulator-process.ts',
    [`http://127.0.0.1:${receiverPort}`, String(START_AT), String(speed)],
    heapLimitMB === null ? [] : [`--max-old-space-size=${heapLimitMB}`],
  )
  try {
    const { port, startedAt } = await answer<EmulatorStarted>(emulator)
    const idle = await ask<EmulatorMemory>(emulator, 'memory')
    const clock: ClockStart = { startedAt, startAt: START_AT, speed }
    const { placingMs, dueAt } = await placeCalls(port, calls, clock)
    const waiting = await ask<EmulatorMemory>(emulator, 'memory')
    expectCounts('waiting', await get<Totals>(port, '/totals'), {
      calls,
      settled: 0,
      statuses: { scheduled: calls },
    })
    await fetch(`http://127.0.0.1:${port}/emulator/idle`, { method: 'POST' })
    const over = await ask<EmulatorMemory>(emulator, 'memory')
    const heard = await ask<Heard>(receiver, clock)
    // Last, since so long an answer takes memory of its own.
    const truth = await get<Truth>(port, '/truth')
    const { deliveries } = truth.totals
    expectCounts('over', truth.totals, {
      settled: calls,
      statuses: { completed: calls },
      outcomes: { lost: 0, delivered: deliveries, failed: 0, pending: 0 },
    })
    expectCounts('heard', heard, {
      requests: deliveries,
      statuses: calls * STATUSES_PER_CALL,
      completed: calls,
    })
    expectCounts('at once', { onLine: mostOnLine(truth) }, { onLine: calls })
    const dueMs = startedAt + (dueAt - START_AT) / speed
    return {
      callsPerSecond: (calls / placingMs) * 1e3,
      webhooksPerSecond: ((heard.requests - calls) / (heard.lastAt - dueMs)) * 1e3,
      webhooks: heard.requests,
      medianLateMs: heard.medianLateMs,
      mostLateMs: heard.mostLateMs,
      peakMB: over.peakMB,
      waitingMB: waiting.heldMB,
      overMB: over.heldMB,
      keptBytesPerCall: ((over.heldMB - idle.heldMB) * 1e6) / calls,
    }
  } finally {
    for (const child of [emulator, receiver]) if (child.connected) child.disconnect()
  }
}

interface Placed {
  /** Real time that it took. */
  readonly placingMs: number
  /** The emulator's time at which all of them come due. */
  readonly dueAt: number
}

async function placeCalls(port: number, calls: number, clock: ClockStart): Promise<Placed> {
  const worker = new Worker(new URL('./http-load.ts', import.meta.url))
  try {
    // A process or a thread that starts takes as long as the machine likes: the clock is read afterwards.
    await once(worker, 'online')
    const dueAt = dueAfterPlacing(calls, clock)
    const bodies = Array.from({ length: calls }, (_, call) =>
      JSON.stringify({
        agent_id: '123e4567-e89b-12d3-a456-426655440000',
        recipient_phone_number: `+1202555${String(100 + (call % 100)).padStart(4, '0')}`,
        scheduled_at: `${new Date(dueAt).toISOString().slice(0, -1)}+00:00`,
      }),
    )
    const load: Load = { port, path: '/bolna/call', connections: CONNECTIONS, bodies }
    worker.postMessage(load)
    const [placingMs] = await once(worker, 'message')
    return { placingMs, dueAt }
  } finally {
    await worker.terminate()
  }
}

/** The first mark that lies far enough ahead of now for so many calls to be placed before. */
function dueAfterPlacing(calls: number, { startedAt, startAt, speed }: ClockStart): number {
  const now = startAt + (Date.now() - startedAt) * speed
  const placing = (PLACING_MS.least + PLACING_MS.perCall * calls) * speed
  return Math.ceil((now + placing + LEAST_LEAD_MS) / MARK_MS) * MARK_MS
}

/** How many calls were between dialing and their end at one moment, by the emulator's clock. */
function mostOnLine({ calls }: Truth): number {
  const changes = calls.flatMap(({ history }) => {
    const dialedAt = history.find(({ status }) => status === 'initiated')?.at ?? Number.NaN
    const endedAt = history.at(-1)?.at ?? Number.NaN
    return [
      { at: dialedAt, more: 1 },
      { at: endedAt, more: -1 },
    ]
  })
  let onLine = 0
  let most = 0
  for (const { more } of changes.sort((a, b) => a.at - b.at || a.more - b.more)) {
    onLine += more
    most = Math.max(most, onLine)
  }
  return most
}

function startProcess(
  file: string,
  args: readonly string[],
  execArgv: readonly string[] = [],
): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: [...execArgv] })
}

function ask<Answer>(child: ChildProcess, question: 'memory' | ClockStart): Promise<Answer> {
  const answered = answer<Answer>(child)
  child.send(question)
  return answered
}

/** The next message of a process; rejects where it ends instead. */
async function answer<Answer>(child: ChildProcess): Promise<Answer> {
  const stopping = new AbortController()
  const { signal } = stopping
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`${child.spawnargs.join(' ')} ended with code ${code}.`)
      }),
    ])
    return message
  } finally {
    stopping.abort()
  }
}

async function get<Answer>(port: number, path: string): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}/emulator${path}`)
  return (await response.json()) as Answer
}

function expectCounts<Counts extends object>(
  what: string,
  found: Counts,
  expected: Partial<Counts>,
): void {
  for (const [name, value] of Object.entries(expected)) {
    const [is, wanted] = [found[name as keyof Counts], value].map((one) => JSON.stringify(one))
    if (is !== wanted) throw new Error(`Calls ${what}: ${name} is ${is}, not ${wanted}.`)
  }
}
