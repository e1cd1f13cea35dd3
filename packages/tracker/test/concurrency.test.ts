import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTracker } from '@callstate/tracker'
import { bolna } from 'callstate/providers/bolna'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../src/postgres/server.fixture.ts'
import type { ConcurrentWriterOptions } from './concurrent-writer.ts'
import { readHandlings } from './handlings.ts'
import { startNode } from './node-process.ts'
import { openStore, type StoreAddress } from './store-address.ts'

const WRITERS = 8
const CALLS = 4
/** Messages that every writer sends of each call, and those that all of them send. */
const OWN = 10
const SHARED = 5

const folder = mkdtempSync(join(tmpdir(), 'callstate-concurrency-'))
let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const addresses: Readonly<Record<StoreAddress['kind'], () => StoreAddress>> = {
  sqlite: () => ({ kind: 'sqlite', path: join(folder, 'calls.db') }),
  postgres: () => {
    const { connectionString } = server
    return { kind: 'postgres', connectionString, schema: 'concurrency' }
  },
}

const callIds = Array.from({ length: CALLS }, (_, call) => `call-${call}`)
const STATUSES = ['queued', 'initiated', 'ringing', 'in-progress', 'completed']

/** What one process says of the calls; what differs between processes is a field beside the event. */
function bodiesOf(writer: number): readonly string[] {
  return callIds.flatMap((id) => {
    const body = (place: number, from: object) => {
      const status = STATUSES[place % STATUSES.length]
      const updated_at = new Date(Date.UTC(2026, 0, 5, 9, 0, place)).toISOString()
      return JSON.stringify({ id, status, updated_at, retry_count: 0, ...from })
    }
    return [
      ...Array.from({ length: OWN }, (_, place) => body(place, { from: writer })),
      ...Array.from({ length: SHARED }, (_, place) => body(place, {})),
    ]
  })
}

const seed = Date.now() % 1_000_000_000

test.each(['sqlite', 'postgres'] as const)(
  `eight processes that write and consume the same calls on %s lose and double nothing (seed ${seed})`,
  async (kind) => {
    const address = addresses[kind]()
    const handledPath = join(folder, `handled-${kind}`)
    const processes = Array.from({ length: WRITERS }, (_, writer) => {
      const bodies = bodiesOf(writer)
      const shuffled = fc.shuffledSubarray([...bodies], { minLength: bodies.length })
      const options: ConcurrentWriterOptions = {
        address,
        writer,
        bodies: fc.sample(shuffled, { seed: seed + writer, numRuns: 1 })[0] ?? [],
        // Some send one after the other, some many at a time.
        atOnce: 1 + writer * 2,
        handledPath,
      }
      return startNode('./concurrent-writer.ts', options)
    })
    try {
      for (const step of ['ready', 'stored']) {
        const lines = await Promise.all(processes.map((one) => one.line()))
        expect(lines).toEqual(processes.map(() => step))
        for (const one of processes) one.tell('go on')
      }
      const codes = await Promise.all(processes.map((one) => one.ended))
      expect(codes).toEqual(processes.map(() => 0))
    } finally {
      for (const one of processes) one.kill()
    }

    await using tracker = createTracker({ store: openStore(address), providers: [bolna] })
    const written = CALLS * (WRITERS * OWN + SHARED)
    expect(await tracker.verify()).toMatchObject({
      calls: CALLS,
      entries: written,
      differences: [],
    })
    const wanted = Array.from({ length: WRITERS }, (_, writer) => bodiesOf(writer)).flat()
    const handled = readHandlings(handledPath)
    expect(handled).toHaveLength(2 * written)
    for (const callId of callIds) {
      const history = await tracker.history({ provider: 'bolna', callId })
      const ofCall = wanted.filter((body) => JSON.parse(body).id === callId)
      expect(history.map(({ payload }) => payload).toSorted()).toEqual(
        [...new Set(ofCall)].toSorted(),
      )
      // Each once, in order, and its end before the next begins, whoever handled it.
      const inOrder = handled.filter(([, , id]) => id === callId)
      const expected = inOrder.map(([, writer], place) => {
        const by = place % 2 === 0 ? writer : inOrder[place - 1]?.[1]
        return [place % 2 === 0 ? 'begin' : 'end', by, callId, Math.floor(place / 2) + 1]
      })
      expect(inOrder).toEqual(expected)
    }
    const workers = new Set(handled.map(([, writer]) => writer))
    expect(workers.size, 'workers that handled something').toBeGreaterThan(1)
  },
)
