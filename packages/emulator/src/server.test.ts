import { expect, test } from 'vitest'
import { startEmulator } from './index.ts'

const NOWHERE = { message: 'No such path; GET /emulator names what there is.' }
const KEY = { authorization: 'Bearer any' }

test.each(['/nowhere', '/emulator/nowhere', '/bolna/nowhere', '/batches', '/api/v1/nowhere'])(
  'GET %s is answered with JSON, and says where to look',
  async (path) => {
    await using emulator = await startEmulator({ clock: 'step' })
    const response = await fetch(emulator.url + path, { headers: KEY })
    expect([response.status, await response.json()]).toEqual([404, NOWHERE])
  },
)

test('who waits over HTTP when the emulator is stopped gets no answer or a refusal, and nothing is printed', async () => {
  const emulator = await startEmulator({ clock: 'real' })
  emulator.at('bolna').receive({ from: '+12025550177' })
  const waiting = fetch(`${emulator.url}/emulator/idle`, { method: 'POST' }).then(
    ({ status }) => status,
    () => 'closed',
  )
  // Answered after the other request was taken in.
  await fetch(`${emulator.url}/emulator`)
  await emulator.stop()
  expect(['closed', 409]).toContain(await waiting)
})
