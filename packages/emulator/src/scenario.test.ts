import { expect, test } from 'vitest'
import { createClient } from './bolna/client.fixture.ts'
import { type Scenario, startEmulator } from './index.ts'

/** The fates of calls to these numbers, with these data. */
async function fatesOf(
  scenario: Scenario,
  ...calls: readonly { number?: string; data?: Record<string, unknown> }[]
) {
  await using emulator = await startEmulator({ clock: 'step', scenario, rateLimits: false })
  const client = createClient(emulator.at('bolna'))
  for (const { number = '+12025550100', data } of calls) {
    await client.call({ recipient_phone_number: number, user_data: data })
  }
  return emulator.truth().calls.map(({ fate }) => fate)
}

test('the first rule that fits decides, by number, by its beginning and by metadata', async () => {
  const rules = [
    { destination: '+12025550111', fate: 'busy' },
    { metadata: { plan: 'gold', trial: false }, fate: 'voicemail' },
    { destination: '+1202555*', fate: 'no-answer' },
    { fate: 'failed' },
  ] as const
  expect(
    await fatesOf(
      { rules },
      { number: '+12025550111', data: { plan: 'gold', trial: false } },
      { number: '+15550100111', data: { plan: 'gold', trial: false, more: 1 } },
      { number: '+12025550112', data: { plan: 'gold', trial: true } },
      { number: '+15550100111' },
    ),
  ).toEqual(['busy', 'voicemail', 'no-answer', 'failed'])
})

test('emulated_fate in the metadata comes before every rule; a word that is no fate is nothing', async () => {
  expect(
    await fatesOf(
      { rules: [{ fate: 'busy' }] },
      { data: { emulated_fate: 'error' } },
      { data: { emulated_fate: 'lucky' } },
    ),
  ).toEqual(['error', 'busy'])
})

test('weights decide otherwise: none of what weighs nothing, and shares as they are given', async () => {
  const fates = await fatesOf(
    { weights: { busy: 3, answered: 1 } },
    ...Array.from({ length: 400 }, () => ({})),
  )
  expect(new Set(fates)).toEqual(new Set(['busy', 'answered']))
  const share = fates.filter((fate) => fate === 'busy').length / fates.length
  expect(share).toBeGreaterThan(0.65)
  expect(share).toBeLessThan(0.85)
  expect(await fatesOf({ weights: {} }, {})).toEqual(['answered'])
})
