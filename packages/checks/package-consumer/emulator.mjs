// The emulator as it is installed: a call of each provider to its end, and one placed over HTTP; the truth.
import assert from 'node:assert/strict'
import { startEmulator } from '@callstate/emulator'
import { PROVIDERS } from 'callstate/providers/all'

const emulator = await startEmulator({ clock: 'step', seed: 1 })
const response = await fetch(`${emulator.at('bolna').url}/call`, {
  method: 'POST',
  headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
  body: JSON.stringify({
    agent_id: '123e4567-e89b-12d3-a456-426655440000',
    recipient_phone_number: '+12025550123',
    user_data: { emulated_fate: 'busy' },
  }),
})
assert.equal(response.status, 200)
const { execution_id: dialed } = await response.json()
const placed = PROVIDERS.map(({ name }) => emulator.at(name).place())
await emulator.idle()
const { calls } = emulator.truth()
assert.deepEqual(
  calls.map(({ id }) => id),
  [dialed, ...placed],
)
assert.equal(calls[0].status, 'busy')
assert.ok(calls.every(({ isSettled }) => isSettled))
await emulator.stop()
