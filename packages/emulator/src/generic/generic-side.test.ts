import {
  type Ask,
  type AskAuth,
  defineProvider,
  type FinalSources,
  type Provider,
} from 'callstate/providers'
import { expect, test } from 'vitest'
import { FATES, startEmulator } from '../index.ts'
import { startReceiver } from '../receiver.fixture.ts'

const WORDS: Readonly<Record<string, string>> = {
  ringing: 'ring',
  'in-progress': 'talk',
  completed: 'end',
}

/** A provider of three words, whose records are asked for in this way. */
function providerOf(ask: Partial<Ask>, finalData: FinalSources | null = null): Provider {
  return defineProvider({
    name: 'tiny',
    ...(finalData !== null && {
      finalData,
      habits: { final: { completed: { final: ['cost'], expected: ['cost'] } } },
    }),
    statuses: {
      ring: { status: 'ringing' },
      talk: { status: 'in-progress' },
      end: { status: 'completed' },
    },
    recognizes: () => false,
    read: () => ({ ok: true, type: 'skip', word: 'none' }),
    ask: {
      baseUrl: 'https://api.tiny.example',
      auth: 'none',
      perMinute: null,
      record: ({ callId }) => [{ path: `/calls/${callId}.json?full=1` }],
      sources: [],
      ...ask,
    },
    tell({ callId, status, attempt, facts }, kind) {
      const word = WORDS[status]
      return word === undefined
        ? []
        : [
            {
              kind,
              contentType: 'text/json',
              body: JSON.stringify({ callId, word, attempt, ...facts }),
            },
          ]
    },
  })
}

const start = (ask: Partial<Ask>, apiKeys?: readonly string[]) =>
  startEmulator({
    clock: 'step',
    providers: [providerOf(ask)],
    scenario: { weights: { answered: 1 } },
    ...(apiKeys === undefined ? {} : { apiKeys }),
  })

test('a call that the provider has no word for yet is unknown, and one that has ended says all', async () => {
  await using emulator = await start({})
  const { place, url } = emulator.at('tiny')
  const id = place({ to: '+12025550123' })
  const ask = () => fetch(`${url}/calls/${id}.json?full=1`)
  expect((await ask()).status).toBe(404)
  await emulator.idle()
  const record = await ask()
  expect([record.status, record.headers.get('content-type')]).toEqual([200, 'text/json'])
  const { history } = emulator.truth().calls[0] ?? { history: [] }
  const at = (status: string) => history.find((one) => one.status === status)?.at ?? Number.NaN
  expect(await record.json()).toMatchObject({
    callId: id,
    word: 'end',
    attempt: 1,
    to: '+12025550123',
    ringMs: at('in-progress') - at('ringing'),
    talkMs: at('call-disconnected') - at('in-progress'),
    voicemail: false,
    recordingUrl: expect.stringMatching(/^https:/),
  })
})

test('facts are told as far as the call has come', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    providers: [providerOf({})],
    scenario: { weights: { answered: 1 } },
    webhooks: { tiny: { url: receiver.url } },
  })
  emulator.at('tiny').place()
  await emulator.idle()
  const told = receiver.received.map(({ body }) => body)
  const known = told.map((body) => Object.keys(body).filter((field) => body[field] !== null))
  const always = ['callId', 'word', 'attempt', 'from', 'to']
  expect(told.map(({ word }) => word)).toEqual(['ring', 'talk', 'end'])
  expect(known.slice(0, 2)).toEqual([always, [...always, 'ringMs']])
  expect(known[2]?.length).toBe(always.length + 8)
  expect(receiver.received[0]?.headers['content-type']).toBe('text/json')
})

test.each<[AskAuth, Record<string, string>, Record<string, string>]>([
  ['bearer', { authorization: 'Bearer right' }, { authorization: 'Bearer wrong' }],
  ['basic', { authorization: `Basic ${btoa('right:')}` }, { authorization: 'Basic wrong' }],
  [{ header: 'x-key' }, { 'x-key': 'right' }, { 'x-key': 'wrong' }],
  [(_, key, now) => ({ 'x-token': `${key} ${now}` }), { 'x-token': 'any' }, { 'x-other': 'any' }],
])('whoever shows no key as %o is refused', async (auth, right, wrong) => {
  await using emulator = await start({ auth }, ['right', 'right:'])
  const id = emulator.at('tiny').place()
  await emulator.idle()
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${emulator.at('tiny').url}/calls/${id}.json?full=1`, { headers })).status
  expect([await ask(right), await ask(wrong), await ask({})]).toEqual([200, 401, 401])
})

test('a question can be a POST, and only the very question is answered', async () => {
  await using emulator = await start({
    record: ({ callId }) => [{ method: 'POST', path: '/find', body: { ids: [callId] } }],
  })
  const id = emulator.at('tiny').place()
  await emulator.idle()
  const ask = async (path: string, body: unknown) => {
    const response = await fetch(emulator.at('tiny').url + path, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return response.status
  }
  expect(await ask('/find', { ids: [id] })).toBe(200)
  expect(await ask('/find', { ids: [id, id] })).toBe(404)
  expect(await ask('/find', { ids: id })).toBe(404)
  expect(await ask('/look', { ids: [id] })).toBe(404)
  expect(await ask('/find', null)).toBe(404)
})

test('fates whose end has no word are never drawn, and everybody’s number is one', async () => {
  await using emulator = await startEmulator({
    clock: 'step',
    providers: [providerOf({})],
    scenario: { weights: Object.fromEntries(FATES.map((fate) => [fate, 1])) },
  })
  const tiny = emulator.at('tiny')
  for (let index = 0; index < 100; index++) tiny.place({ metadata: { emulated_fate: 'busy' } })
  const inbound = tiny.receive({ from: '+12025550123' })
  await emulator.idle()
  const { calls } = emulator.truth()
  expect(new Set(calls.map(({ status }) => status))).toEqual(new Set(['completed']))
  expect(new Set(calls.map(({ fate }) => fate)).size).toBeGreaterThan(3)
  expect(calls.find(({ id }) => id === inbound)?.direction).toBe('inbound')
  expect(() => tiny.place({ to: '123' })).toThrow('E.164')
  expect(() => tiny.receive({ from: 'nobody' })).toThrow('E.164')
})

test('the truth has what the record says that a call cost, where the declaration reads it', async () => {
  const euros = ({ cost }: { readonly cost: number | null }) =>
    cost === null ? null : { amount: cost, currency: 'EUR', unit: null }
  const run = async (finalData: FinalSources | null) => {
    await using emulator = await startEmulator({
      clock: 'step',
      weather: { corrected: 1 },
      providers: [providerOf({}, finalData)],
      scenario: { weights: { answered: 1 } },
    })
    const { place, url } = emulator.at('tiny')
    const id = place()
    await emulator.idle()
    const record = await (await fetch(`${url}/calls/${id}.json?full=1`)).json()
    const { calls, totals } = emulator.truth()
    return { record, attempts: calls[0]?.attempts, totals }
  }
  const { record, attempts, totals } = await run({ cost: (body) => euros(body as never) })
  const { cost } = record as { cost: number }
  expect(cost).toBeGreaterThan(0)
  const amount = { amount: cost, currency: 'EUR', unit: null }
  expect(attempts).toMatchObject([{ attempt: 1, end: 'completed', amount, corrections: [] }])
  expect(attempts?.[0]?.extraction).not.toBeNull()
  expect(totals.amounts).toEqual([{ provider: 'tiny', ...amount }])
  expect((await run(null)).attempts).toMatchObject([{ amount: null }])
})
