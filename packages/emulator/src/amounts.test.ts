import { describe, expect, test } from 'vitest'
import { createClient } from './bolna/client.fixture.ts'
import { createClient as createDialgenClient } from './dialgen/client.fixture.ts'
import { amountDisagreements, type EmulatorOptions, startEmulator } from './index.ts'
import { type Received, startReceiver } from './receiver.fixture.ts'

const VOICEMAIL_RETRY = {
  enabled: true,
  max_retries: 1,
  retry_on_statuses: ['no-answer', 'busy'],
  retry_on_voicemail: true,
}

/** Calls on the step clock to their end: what is true, what came, and what the records say. */
async function run(
  calls: readonly Record<string, unknown>[],
  options: Pick<EmulatorOptions, 'weather' | 'seed' | 'scenario'> = {},
) {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { bolna: { url: receiver.url } },
    ...options,
  })
  const client = createClient(emulator.at('bolna'))
  for (const call of calls) await client.call(call)
  await emulator.idle()
  const truth = emulator.truth()
  const records = new Map<string, Received['body']>()
  for (const { id } of truth.calls) {
    records.set(id, (await client.get(`/executions/${id}`)).body)
  }
  const overHttp = await (await fetch(`${emulator.url}/emulator/truth`)).json()
  const ends = receiver.received
    .map(({ body }) => body)
    .filter(({ status }) => status === 'completed')
  const account = (await client.get('/user/me')).body
  return { truth, records, ends, received: receiver.received, overHttp, account }
}

const answered = { user_data: { emulated_fate: 'answered' } }
const cent = (amount: unknown) => ({ amount, currency: null, unit: 'cent' })

describe('the truth about amounts', () => {
  test('an attempt has the cost of its own final record, not the partial one before it', async () => {
    const { truth, received, overHttp } = await run(Array.from({ length: 5 }, () => answered))
    for (const { id, attempts } of truth.calls) {
      const said = received.map(({ body }) => body).filter((body) => body['id'] === id)
      const costs = (status: string) =>
        said.filter((body) => body['status'] === status).map((body) => body['total_cost'])
      const [partial] = costs('call-disconnected')
      const [final] = costs('completed')
      expect(attempts).toMatchObject([{ attempt: 1, end: 'completed', amount: cent(final) }])
      expect(Number(partial)).toBeGreaterThan(0)
      expect(Number(final)).toBeGreaterThan(Number(partial))
    }
    expect(overHttp).toEqual(truth)
  })

  test('every attempt keeps its own, though the record after a retry is the new attempt’s', async () => {
    const { truth, ends, records } = await run(
      Array.from({ length: 10 }, () => ({
        user_data: { emulated_fate: 'voicemail' },
        retry_config: VOICEMAIL_RETRY,
      })),
    )
    for (const { id, attempts } of truth.calls) {
      expect(attempts.map(({ attempt, end }) => [attempt, end])).toEqual([
        [1, 'completed'],
        [2, 'completed'],
      ])
      const told = ends.filter((body) => body['id'] === id)
      expect(attempts.map(({ amount }) => amount)).toEqual(
        told.map((body) => cent(body['total_cost'])),
      )
      expect(records.get(id)).toMatchObject({
        retry_count: 1,
        total_cost: attempts[1]?.amount?.amount,
      })
    }
  })

  test('an end that never connected cost nothing, and an attempt that goes on has no cost yet', async () => {
    const { truth } = await run([{ user_data: { emulated_fate: 'busy' } }])
    expect(truth.calls[0]?.attempts).toEqual([
      { attempt: 1, end: 'busy', amount: cent(0), extraction: null, corrections: [] },
    ])
    await using emulator = await startEmulator({ clock: 'step' })
    emulator.at('bolna').place()
    expect(emulator.truth().calls[0]?.attempts).toEqual([
      { attempt: 1, end: null, amount: null, extraction: null, corrections: [] },
    ])
  })

  test('an extraction is dated by the first record that holds it', async () => {
    const { truth, ends } = await run(Array.from({ length: 40 }, () => answered))
    let late = 0
    for (const { id, attempts, history } of truth.calls) {
      const first = ends.find((body) => body['id'] === id && body['extracted_data'] !== null)
      const at = attempts[0]?.extraction?.at
      // A record has milliseconds with three digits more, and none of a zone over Twilio.
      expect(at).toBe(
        first &&
          Date.parse(`${String(first['updated_at']).slice(0, '2026-01-05T15:00:00.000'.length)}Z`),
      )
      if (at !== undefined && at > (history.at(-1)?.at ?? 0)) late++
    }
    expect(late).toBeGreaterThan(0)
    expect(truth.calls.some(({ attempts }) => attempts[0]?.extraction === null)).toBe(true)
  })

  test('the totals have the sum, with corrections in the place of what they correct', async () => {
    const { truth, records, account } = await run(
      Array.from({ length: 20 }, () => answered),
      { weather: { corrected: 0.5 } },
    )
    const said = [...records.values()].map((record) => Number(record['total_cost']))
    const sum = said.reduce((total, one) => total + one, 0)
    expect(truth.totals.amounts).toEqual([
      { provider: 'bolna', amount: expect.closeTo(sum, 6), currency: null, unit: 'cent' },
    ])
    expect(truth.totals.corrections).toBeGreaterThan(3)
    expect(truth.totals.corrections).toBeLessThan(20)
    expect(account.wallet).toBeCloseTo(1_000_000 - sum / 100, 2)
  })

  test('Dialgen tells no cost, and when its metrics were there', async () => {
    await using emulator = await startEmulator({ clock: 'step', weather: { corrected: 1 } })
    await createDialgenClient(emulator.at('dialgen')).dial({}, 'answered')
    await emulator.idle()
    const [call] = emulator.truth().calls
    const at = call?.history.at(-1)?.at
    expect(call?.attempts).toEqual([
      { attempt: 1, end: 'completed', amount: null, extraction: { at }, corrections: [] },
    ])
    expect(emulator.totals()).toMatchObject({ amounts: [], corrections: 0 })
  })
})

describe('corrected', () => {
  test('the end is told once more with another cost and a later time, and the record says it too', async () => {
    const { truth, ends, records } = await run(
      Array.from({ length: 10 }, () => answered),
      { weather: { corrected: 1 } },
    )
    for (const { id, attempts, history } of truth.calls) {
      const [{ amount, corrections } = { amount: null, corrections: [] }] = attempts
      const [correction] = corrections
      expect(corrections).toHaveLength(1)
      expect(correction?.amount).not.toEqual(amount)
      const lagMs = (correction?.at ?? 0) - (history.at(-1)?.at ?? 0)
      expect(lagMs).toBeGreaterThanOrEqual(20_000)
      expect(lagMs).toBeLessThanOrEqual(600_000)
      const told = ends.filter((body) => body['id'] === id)
      const last = told.filter(
        (body) => cent(body['total_cost']).amount === correction?.amount.amount,
      )
      expect(last.length).toBeGreaterThan(0)
      for (const body of told) {
        const isCorrected = last.includes(body)
        expect(cent(body['total_cost'])).toEqual(isCorrected ? correction?.amount : amount)
        const parts = Object.values(body['cost_breakdown'] as Record<string, number>)
        const sum = parts.reduce((total, part) => total + part, 0)
        expect(sum).toBeCloseTo(Number(body['total_cost']), 6)
      }
      const times = told.map((body) => String(body['updated_at']))
      expect([...times].sort()).toEqual(times)
      expect(records.get(id)).toMatchObject({ total_cost: correction?.amount.amount })
    }
  })

  test('of an attempt before the latest its own end is told, and the record stays the new attempt’s', async () => {
    const { truth, ends, records } = await run(
      [{ user_data: { emulated_fate: 'voicemail' }, retry_config: VOICEMAIL_RETRY }],
      { weather: { corrected: 1 } },
    )
    const [call] = truth.calls
    const told = (attempt: number) =>
      ends.filter((body) => body['retry_count'] === attempt - 1).map((body) => body['total_cost'])
    for (const { attempt, amount, corrections } of call?.attempts ?? []) {
      expect(told(attempt)).toEqual([amount?.amount, corrections[0]?.amount.amount])
    }
    expect(call?.attempts).toHaveLength(2)
    expect(records.get(call?.id ?? '')).toMatchObject({
      retry_count: 1,
      total_cost: call?.attempts[1]?.corrections[0]?.amount.amount,
    })
    const corrections = call?.deliveries.filter(
      ({ event, at }) => typeof event !== 'string' && at > event.at,
    )
    expect(corrections?.map(({ event, isFinal }) => [event, isFinal])).toEqual([
      [expect.objectContaining({ attempt: 1, status: 'completed' }), false],
      [expect.objectContaining({ attempt: 2, status: 'completed' }), true],
    ])
  })

  test('the knob leaves everything else as it was', async () => {
    const calls = Array.from({ length: 60 }, () => ({ retry_config: VOICEMAIL_RETRY }))
    // Without `reorder`, which changes places with whatever webhook comes next.
    const weather = { duplicate: 0.3, delay: 0.3, drop: 0.2, burst: 0.2, finalLost: 0.2, slow: 0.2 }
    const [without, turned] = await Promise.all(
      [0, 0.5].map(
        async (corrected) => (await run(calls, { weather: { ...weather, corrected } })).truth,
      ),
    )
    const rest = (truth: typeof without) =>
      truth?.calls.map(({ attempts, deliveries, ...call }) => ({
        ...call,
        attempts: attempts.map(({ corrections, ...attempt }) => attempt),
        deliveries: deliveries.filter(
          ({ event, at }) =>
            !attempts.some(
              ({ attempt, corrections }) =>
                typeof event !== 'string' &&
                event.attempt === attempt &&
                event.status === 'completed' &&
                corrections.some((one) => one.at === at),
            ),
        ),
      }))
    expect(turned?.totals.corrections).toBeGreaterThan(5)
    expect(without?.totals.corrections).toBe(0)
    expect(rest(turned)).toEqual(rest(without))
  })
})

test('disagreements about amounts are the attempts of which a receiver believes another one', async () => {
  const retried = { user_data: { emulated_fate: 'voicemail' }, retry_config: VOICEMAIL_RETRY }
  const { truth } = await run([retried, { user_data: { emulated_fate: 'busy' } }])
  const [call, busy] = truth.calls
  const [first, second] = call?.attempts ?? []
  const right = new Map(
    truth.calls.flatMap(({ id, attempts }) =>
      attempts.map(({ attempt, amount }) => [`${id} ${attempt}`, amount?.amount] as const),
    ),
  )
  expect(amountDisagreements(truth, ({ id }, attempt) => right.get(`${id} ${attempt}`))).toEqual([])
  // The second attempt's amount under both, and nothing known of a call that cost nothing.
  const wrong = ({ id }: { readonly id: string }) =>
    id === busy?.id ? null : second?.amount?.amount
  expect(amountDisagreements(truth, wrong)).toEqual([
    {
      provider: 'bolna',
      id: call?.id,
      attempt: 1,
      truth: first?.amount,
      belief: second?.amount?.amount,
    },
  ])
})
