import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { temporaryFolder, withOpen } from './small-database.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** `callstate serve` as a process of its own that listens. */
async function start(db: string) {
  const args = ['serve', '--allow-unauthenticated', '--port', '0', '--db', db, '--log', 'json']
  const child = spawn(process.execPath, ['--conditions=@callstate/source', MAIN, ...args])
  children.push(child)
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const line = once(createInterface(child.stdout), 'line') as Promise<[string]>
  const [address] = await Promise.race([
    line,
    ended.then((): never => {
      throw new Error(`It did not start: ${stderr}`)
    }),
  ])
  return { child, address, ended, stderr: () => stderr }
}

test('a signal stops it gracefully, and what was acknowledged is in the database', async () => {
  const db = folder.path('stopped.db')
  const { child, address, ended, stderr } = await start(db)
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
    return ids.filter((found) => found?.call.status === 'queued').length
  })
  expect(kept).toBe(acknowledged.size)
})

test('a second signal stops it at once, whatever is still running', async () => {
  const { child, address, ended, stderr } = await start(folder.path('twice.db'))
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
