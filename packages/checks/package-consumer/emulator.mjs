// The emulator as it is installed: a call of each provider to its end, over HTTP, and the truth.
import assert from 'node:assert/strict'
import { startEmulator } from '@callstate/emulator'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'

const emulator = await startEmulator({ clock: 'step', seed: 1 })
const post = async (url, body) => {
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(response.status, 200)
  return response.json()
}
const placed = bolna.parse(
  await post(`${emulator.bolna.url}/call`, {
    agent_id: '123e4567-e89b-12d3-a456-426655440000',
    recipient_phone_number: '+12025550123',
    user_data: { emulated_fate: 'busy' },
  }),
)
const dialed = dialgen.parse(
  await post(`${emulator.dialgen.url}/api/v1/call/dial`, {
    to: '+12025550124',
    agentConfigId: 'agent_123',
    userId: 'user_789',
  }),
)
await emulator.idle()
const { calls } = emulator.truth()
assert.deepEqual(
  calls.map(({ id }) => id),
  [placed.value.callId, dialed.value.callId],
)
assert.equal(calls[0].status, 'busy')
assert.ok(calls[1].isSettled)
await emulator.stop()
