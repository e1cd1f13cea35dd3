import { expect, test } from 'vitest'
import { createClient } from './bolna/client.fixture.ts'
import { disagreements, startEmulator } from './index.ts'

test('disagreements are the calls of which a receiver believes something else, or nothing', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  for (const fate of ['busy', 'answered', 'no-answer']) {
    await client.call({ user_data: { emulated_fate: fate } })
  }
  await emulator.idle()
  const truth = emulator.truth()
  const [busy, answered, unanswered] = truth.calls
  const right = new Map(truth.calls.map(({ id, status }) => [id, status]))
  expect(disagreements(truth, ({ id }) => right.get(id))).toEqual([])
  const beliefs = new Map([
    [busy?.id, 'ringing'],
    [answered?.id, 'completed'],
  ])
  expect(disagreements(truth, ({ id }) => beliefs.get(id))).toEqual([
    { provider: 'bolna', id: busy?.id, truth: 'busy', belief: 'ringing' },
    { provider: 'bolna', id: unanswered?.id, truth: 'no-answer', belief: null },
  ])
})
