import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createTracker, createWebhookHandler } from '@callstate/tracker'
import { type ServerType, serve } from '@hono/node-server'
import { bolna } from 'callstate/providers/bolna'
import type { Load } from './http-load.ts'
import { ratioOf } from './measure.ts'
import type { Section } from './report.ts'
import type { BenchEngine } from './tracker-engine.ts'
import { createMessages } from './tracker-messages.ts'
import { byTurns, type WaitingSide } from './tracker-turns.ts'

export interface HttpEffort {
  readonly rounds: number
  readonly requests: number
}

const CONNECTIONS = 32
const SEED = 12
/** Calls whose webhooks come interleaved. */
const CALLS = 200

type Receive = (request: Request) => Promise<Response>

/** The webhook handler against one that parses and inserts, each behind a real server. */
export async function benchHttp(
  engine: BenchEngine,
  { rounds, requests }: HttpEffort,
): Promise<Section> {
  const worker = new Worker(new URL('./http-load.ts', import.meta.url))
  const servers: ServerType[] = []
  const side = async (name: string, receive: Receive): Promise<WaitingSide> => {
    const messages = createMessages(SEED)
    const { server, port } = await listen(receive)
    servers.push(server)
    return {
      name,
      async run() {
        const bodies = messages(requests, CALLS)
        const answered = once(worker, 'message')
        worker.postMessage({ port, path: '/', connections: CONNECTIONS, bodies } satisfies Load)
        const [ms] = await answered
        return (ms * 1000) / requests
      },
    }
  }
  const sides = [
    await side('bare handler: parse, insert one row', await bareReceiver(engine)),
    await side('createWebhookHandler', await trackerReceiver(engine)),
  ]
  const [bare, mine] = await byTurns(sides, rounds)
  for (const server of servers) server.close()
  await worker.terminate()
  if (bare === undefined || mine === undefined) throw new Error('Nothing was measured.')
  return {
    title: `webhooks over HTTP into ${engine.title}`,
    unit: 'µs/request',
    note: `${requests} requests a round over ${CONNECTIONS} connections, from another thread; @hono/node-server.`,
    sides: [bare, mine],
    comparisons: [
      {
        name: 'speed of the handler ÷ bare handler',
        ratio: ratioOf(bare, mine),
        aim: { atLeast: 0.5 },
      },
    ],
  }
}

async function bareReceiver(engine: BenchEngine): Promise<Receive> {
  const insert = await engine.openInsert()
  return async (request) => {
    const text = await request.text()
    const { id, status } = JSON.parse(text)
    await insert(id, status, text)
    return Response.json({ ok: true })
  }
}

async function trackerReceiver(engine: BenchEngine): Promise<Receive> {
  const tracker = createTracker({ store: await engine.openStore(), providers: [bolna] })
  const handle = createWebhookHandler(tracker, {
    provider: 'bolna',
    origins: { bolna: false },
  })
  return (request) => handle(request)
}

function listen(receive: Receive): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve) => {
    const server = serve({ fetch: receive, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ server, port }),
    )
  })
}
