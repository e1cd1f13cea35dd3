import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { FAST_SPEED, STEP_START, type Totals } from '@callstate/emulator'
import type { EmulatorMemory, EmulatorStarted } from './emulator-process.ts'
import type { ClockStart, Heard } from './emulator-receiver-process.ts'
import type { Load } from './http-load.ts'

const CONNECTIONS = 32
const LEAD = 20 * 60_000
interface Run {
  [k: string]: unknown
}
export async function runCalls(calls: number): Promise<Run> {
  const receiver = fork(fileURLToPath(new URL('./emulator-receiver-process.ts', import.meta.url)))
  const [rport] = await once(receiver, 'message')
  const emulator = fork(
    fileURLToPath(new URL('./emulator-process.ts', import.meta.url)),
    [`http://127.0.0.1:${rport}/hook`, String(STEP_START)],
    { execArgv: process.env['PROF'] ? process.env['PROF'].split(' ') : [] },
  )
  const [started] = (await once(emulator, 'message')) as [EmulatorStarted]
  const totals = async () =>
    (await (await fetch(`http://127.0.0.1:${started.port}/emulator/totals`)).json()) as Totals
  const ask = async () => {
    emulator.send('memory')
    return (await once(emulator, 'message'))[0] as EmulatorMemory
  }
  const before = await ask()
  const worker = new Worker(new URL('./http-load.ts', import.meta.url))
  const dueAt = STEP_START + LEAD
  const bodies = Array.from({ length: calls }, (_, i) =>
    JSON.stringify({
      agent_id: '123e4567-e89b-12d3-a456-426655440000',
      recipient_phone_number: `+1202555${String(100 + (i % 100)).padStart(4, '0')}`,
      scheduled_at: new Date(dueAt - 60_000).toISOString().slice(0, -1),
    }),
  )
  worker.postMessage({
    port: started.port,
    path: '/bolna/call',
    connections: CONNECTIONS,
    bodies,
  } satisfies Load)
  const [ms] = await once(worker, 'message')
  await worker.terminate()
  const t0 = performance.now()
  const atOnce = await totals()
  const totalsMs = performance.now() - t0
  const open = await ask()
  await fetch(`http://127.0.0.1:${started.port}/emulator/idle`, { method: 'POST' })
  const end = await totals()
  const memory = await ask()
  receiver.send({ startedAt: started.startedAt, startAt: STEP_START } satisfies ClockStart)
  const [heard] = (await once(receiver, 'message')) as [Heard]
  receiver.disconnect()
  emulator.disconnect()
  const dueReal = started.startedAt + (dueAt - STEP_START) / FAST_SPEED
  return {
    calls,
    perSecond: (calls / ms) * 1000,
    totalsMs,
    atOnce,
    before,
    open,
    end,
    memory,
    heard,
    webhooksPerSecond: ((heard.webhooks - calls) / (heard.lastAt - dueReal)) * 1000,
  }
}
for (const n of process.argv.slice(2)) console.dir(await runCalls(Number(n)), { depth: 5 })
