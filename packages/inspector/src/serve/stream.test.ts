import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { type CallSource, createInspectorHandler, DEFAULTS } from '../index.ts'
import { type Board, boardCallOf, createBoard } from '../internal/index.ts'
import { knownCall } from '../known-call.fixture.ts'
import { countsIn, log, openPage, rowsIn, start } from './inspector.fixture.ts'
import { createEventStream } from './stream.ts'

test('a page hears the calls in pieces and then the counts', async () => {
  await using inspector = await start({ source: log(25), limits: { rowsPerPiece: 10 } })
  await using page = await openPage(inspector.url)
  await page.until((heard) => countsIn(heard) !== undefined)
  expect(page.heard.map(({ name }) => name)).toEqual(['hello', 'rows', 'rows', 'rows', 'update'])
  expect(page.heard[0]).toMatchObject({ data: { version: 1, source: { kind: 'log' }, speed: 0 } })
  expect(rowsIn(page.heard).size).toBe(25)
  expect(page.heard.flatMap((one) => (one.name === 'rows' ? [one.data.done] : []))).toEqual([
    false,
    false,
    true,
  ])
  expect(countsIn(page.heard)).toMatchObject({
    calls: 25,
    statuses: { initiated: 25 },
    moves: { 'queued>initiated': 25 },
    events: 50,
  })
})

test('no more pages are let in than may watch, and one that leaves makes room', async () => {
  await using inspector = await start({ limits: { streamClients: 2 } })
  const stream = new URL('api/stream', inspector.url)
  await using _first = await openPage(inspector.url)
  {
    await using _second = await openPage(inspector.url)
    expect((await fetch(stream)).status).toBe(503)
  }
  let status = 503
  while (status === 503) {
    const response = await fetch(stream)
    status = response.status
    await response.body?.cancel()
  }
  expect(status).toBe(200)
})

test('a source that cannot be read ends the stream, is told from then on, and takes no room', async () => {
  let failWith = (_: Error) => {}
  const opening = new Promise<void>((_, reject) => {
    failWith = reject
  })
  const source = { ...log(0), open: () => opening }
  const inspector = createInspectorHandler({ source, limits: { streamClients: 1 } })
  const asked = () => {
    const url = 'http://127.0.0.1/api/stream'
    return inspector.fetch(new Request(url, { headers: { host: '127.0.0.1' } }))
  }
  const stream = await asked()
  failWith(new Error('no such table'))
  expect(await stream.text()).toMatch(/^event: hello\n[^\n]*\n\n$/)
  const refused = await asked()
  expect([refused.status, await refused.text()]).toEqual([
    503,
    expect.stringContaining('could not be read'),
  ])
  await inspector.close()
})

test('a page that leaves is not followed any more, wherever it was', async () => {
  const board = createBoard({ now: () => 0 })
  let followers = 0
  const counted: Board = {
    ...board,
    follow() {
      const follower = board.follow()
      followers++
      const stop = () => {
        followers--
        follower.stop()
      }
      return { ...follower, stop }
    },
  }
  const { kind, name, providers, speed } = log(0)
  for (const pieces of [1, 2, 3, 4]) {
    const { body } = createEventStream({
      board: counted,
      hello: () => ({ version: 1, source: { kind, name }, run: 'a', now: 0, speed, providers }),
      now: () => 0,
      ready: Promise.resolve(),
      limits: { ...DEFAULTS.limits, updateEveryMs: 1, pingEveryMs: 1 },
      onEnd: () => {},
    })
    const reader = body.getReader()
    for (let piece = 0; piece < pieces; piece++) await reader.read()
    expect(followers).toBe(pieces === 1 ? 0 : 1)
    await reader.cancel()
    await vi.waitFor(() => expect(followers).toBe(0))
  }
})

/** Calls that a test changes at will. */
function ownSource(): CallSource & { readonly change: (call: number, events: number) => void } {
  let board: Board | null = null
  const ringing = knownCall([{ status: 'ringing' }])
  return {
    ...log(0),
    async open(opened) {
      board = opened
    },
    change(place, events) {
      const given = { callId: `c-${place}`, dueAt: null, events, lastReceivedAt: events }
      board?.put(boardCallOf({ ...ringing, ...given }), 1)
    },
  }
}

test('a page that never reads costs no more than one that reads, and catches up with what stands', async () => {
  const CALLS = 200
  const CHANGES = 400_000
  const source = ownSource()
  await using inspector = await start({ source, limits: { updateEveryMs: 1 } })
  for (let place = 0; place < CALLS; place++) source.change(place, 1)
  const { hostname, port } = new URL(inspector.url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET /api/stream HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`)
  await new Promise((resolve) => socket.once('readable', resolve))
  socket.pause()

  const heapBefore = process.memoryUsage().heapUsed
  for (let change = 1; change <= CHANGES; change++) {
    source.change(change % CALLS, change + 1)
    // The stream would be filled whenever it had room.
    if (change % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const grownBytes = process.memoryUsage().heapUsed - heapBefore
  // All changes as rows would be 100 MB.
  expect(grownBytes).toBeLessThan(60_000_000)

  let text = ''
  const isCaughtUp = new Promise<void>((resolve) => {
    socket.setEncoding('utf8').on('data', (piece) => {
      text += piece
      if (text.includes(`"events":${CHANGES + 1},`)) resolve()
    })
  })
  socket.resume()
  await isCaughtUp
  socket.destroy()
  // What waited in the operating system's buffers comes first, then one update with all that changed.
  process.stdout.write(`  ${Math.round(text.length / 1e6)} MB for ${CHANGES} changes unread\n`)
  expect(text.length).toBeLessThan(30_000_000)
})

test('updates are merged: at most one in the time between two', async () => {
  const source = ownSource()
  await using inspector = await start({ source, limits: { updateEveryMs: 50 } })
  source.change(0, 1)
  await using page = await openPage(inspector.url)
  await page.until((heard) => countsIn(heard) !== undefined)
  const startedAt = performance.now()
  let events = 1
  while (performance.now() - startedAt < 500) {
    events++
    source.change(0, events)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await page.until((heard) => countsIn(heard)?.events === events)
  const updates = page.heard.filter(({ name }) => name === 'update').length
  const most = (performance.now() - startedAt) / 50 + 2
  expect(updates).toBeGreaterThan(1)
  expect(updates).toBeLessThanOrEqual(most)
})

test('a page is told when the rate falls to zero, and that the server is still there', async () => {
  const source = ownSource()
  await using inspector = await start({ source, limits: { pingEveryMs: 20, updateEveryMs: 5 } })
  source.change(0, 1)
  await using page = await openPage(inspector.url)
  await page.until((heard) => countsIn(heard)?.eventsPerSecond === 1)
  await page.until((heard) => countsIn(heard)?.eventsPerSecond === 0)
  const { length } = page.heard
  const { pings } = page
  await page.until(() => page.pings >= pings + 3)
  expect(page.heard).toHaveLength(length)
  expect(DEFAULTS.limits).toMatchObject({ pingEveryMs: 15_000, updateEveryMs: 100 })
})
