import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCli } from './cli-process.ts'
import { temporaryFolder, withOpen } from './small-database.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

/** `callstate serve` as a process of its own that listens. */
function start(db: string) {
  const args = ['serve', '--allow-unauthenticated', '--port', '0', '--db', db, '--log', 'json']
  return startCli(args)
}

test('a signal stops it gracefully, and what was acknowledged is in the database', async () => {
  const db = folder.path('stopped.db')
  await using serving = await start(db)
  const { child, address, ended, stderr } = serving
  const acknowledged = new Set<string>()
  let sent = 0
  const sender = async () => {
    for (;;) {
      const id = `c-${sent++}`
      try {
        const response = await fetch(`${address}/webhooks/bolna`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id, status: 'queued' }),
        })
        if (response.status === 200) acknowledged.add(id)
        await response.text()
      } catch {
        // It listens no more.
        return
      }
      if (acknowledged.size === 100) child.kill('SIGTERM')
    }
  }
  await Promise.all([sender(), sender(), sender(), sender()])
  expect(await ended).toEqual({ code: 0, signal: null })
  expect(acknowledged.size).toBeGreaterThanOrEqual(100)
  const lines = stderr()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { message: string })
  expect(lines.at(-1)?.message).toBe('Stopped.')

  const kept = await withOpen({ db }, async (tracker) => {
    const ids = await Promise.all(
      [...acknowledged].map(async (callId) => tracker.get({ provider: 'bolna', callId })),
    )
    return ids.filter((found) => found?.status === 'queued').length
  })
  expect(kept).toBe(acknowledged.size)
})

test('a second signal stops it at once, whatever is still running', async () => {
  await using serving = await start(folder.path('twice.db'))
  const { child, address, ended, stderr } = serving
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  const head = ['POST /webhooks/bolna HTTP/1.1', 'host: localhost', 'expect: 100-continue']
  socket.write(
    [...head, 'content-type: application/json', 'content-length: 9', '', ''].join('\r\n'),
  )
  // The server has read the head, and waits for a body that never comes.
  await once(socket, 'data')
  child.kill('SIGINT')
  while (!stderr().includes('Stopping')) await once(child.stderr, 'data')
  child.kill('SIGINT')
  expect(await ended).toEqual({ code: 130, signal: null })
  socket.destroy()
})
