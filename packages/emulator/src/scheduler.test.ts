import { expect, test } from 'vitest'
import { createClient } from './bolna/client.fixture.ts'
import { DEFAULTS, type EmulatorOptions, startEmulator } from './index.ts'

/** What becomes of 40 calls, with times since each was placed. */
async function lives(options: EmulatorOptions) {
  await using emulator = await startEmulator({
    seed: 11,
    startAt: DEFAULTS.stepStartAt,
    ...options,
  })
  const client = createClient(emulator.at('bolna'))
  for (let index = 0; index < 40; index++) {
    await client.call({ retry_config: { enabled: true, max_retries: 1 } })
  }
  await emulator.idle()
  return emulator.truth().calls.map(({ id, fate, history }) => {
    const placedAt = history[0]?.at ?? 0
    return { id, fate, history: history.map((change) => ({ ...change, at: change.at - placedAt })) }
  })
}

test('calls last as long on a clock that runs as on the step clock, to the millisecond', async () => {
  expect(await lives({ clock: { speed: 50_000 } })).toEqual(await lives({ clock: 'step' }))
})

test('the step clock ends with the year 9999', async () => {
  const last = Date.UTC(9999, 11, 31)
  const refusal = { code: 'invalid-option' }
  await using emulator = await startEmulator({ clock: 'step' })
  await expect(emulator.advance(last - DEFAULTS.stepStartAt + 1)).rejects.toMatchObject(refusal)
  expect(emulator.now()).toBe(DEFAULTS.stepStartAt)
  await emulator.advance(last - DEFAULTS.stepStartAt)
  expect(emulator.now()).toBe(last)
  await expect(emulator.advance(1)).rejects.toMatchObject(refusal)
  await expect(startEmulator({ startAt: last + 1 })).rejects.toMatchObject(refusal)
})
