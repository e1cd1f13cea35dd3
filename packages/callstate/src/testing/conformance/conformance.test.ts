import { createHmac, timingSafeEqual } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, type CallStatus, isCallStatus } from '../../index.ts'
import {
  defineProvider,
  type ParseResult,
  type Provider,
  type ProviderEvent,
  type StatusWord,
} from '../../providers/index.ts'
import { type ProviderSamples, providerConformance } from '../index.ts'

const LETTERS: Readonly<Record<string, CallStatus>> = {
  WAIT: 'queued',
  DIAL: 'initiated',
  TALK: 'in-progress',
  DONE: 'completed',
  BUSY: 'busy',
}

/** A small provider that keeps every rule. */
const acme: Provider = defineProvider({
  name: 'acme',
  title: 'Acme',
  statuses: Object.fromEntries(
    Object.entries(LETTERS).map(([word, status]) => [word, { status, loss: null }]),
  ),
  words: Object.fromEntries(CALL_STATUSES.map((status) => [status, wordFor(status)])) as Record<
    CallStatus,
    StatusWord
  >,
  delivery: {
    ordered: false,
    repeats: true,
    retryDelaysMs: [1000, 5000],
    eventIdField: null,
    sequenceField: null,
    eventTimeField: 'at',
    signature: { header: 'X-Acme-Signature', scheme: 'hex HMAC-SHA256 of the raw body' },
    sourceAddresses: [],
    sources: ['https://acme.example/webhooks'],
  },
  recognizes: (body) => isRecord(body) && 'acmeId' in body,
  parse: parseAcme,
  dedupeKey: ({ callId, attempt, status, occurredAt }) =>
    JSON.stringify([callId, attempt ?? null, status, occurredAt ?? null]),
  verify: async ({ rawBody, headers, secret }) => {
    const given = headers['x-acme-signature']
    const expected = Buffer.from(sign(rawBody, secret))
    const came = Buffer.from(typeof given === 'string' ? given : '')
    return came.length === expected.length && timingSafeEqual(came, expected)
  },
})

function wordFor(status: CallStatus): StatusWord {
  const exact = Object.entries(LETTERS).find(([, meaning]) => meaning === status)
  return exact === undefined
    ? { word: 'WAIT', loss: 'Acme has five words' }
    : { word: exact[0], loss: null }
}

function parseAcme(body: unknown): ParseResult<ProviderEvent> {
  if (!isRecord(body)) return refuse('', 'an object', body)
  const { acmeId, state, attempt, at } = body
  if (typeof acmeId !== 'string' || acmeId === '') return refuse('acmeId', 'a text', acmeId)
  if (typeof state !== 'string') return refuse('state', 'a text', state)
  if (!Number.isSafeInteger(attempt) || Number(attempt) < 1) {
    return refuse('attempt', 'a whole number from 1 on', attempt)
  }
  if (!Number.isFinite(at)) return refuse('at', 'a number', at)
  const known = Object.hasOwn(LETTERS, state) ? LETTERS[state] : undefined
  return {
    ok: true,
    value: {
      provider: 'acme',
      callId: acmeId,
      source: 'webhook',
      status: known ?? state,
      unrecognized: known === undefined,
      attempt: Number(attempt),
      occurredAt: Number(at),
      ...(known === undefined ? {} : { details: { rawStatus: state } }),
    },
  }
}

function refuse(path: string, expected: string, value: unknown): ParseResult<ProviderEvent> {
  const received = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  const message = `Expected ${expected}, got ${received}; see Acme's webhook page.`
  return { ok: false, issues: [{ path, expected, received, message }] }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sign(rawBody: string | Uint8Array, secret: string): string {
  return createHmac('sha256', secret).update(rawBody).digest('hex')
}

const rawBody = '{"acmeId":"call-1","state":"DONE","attempt":1,"at":7000}'
const samples: ProviderSamples = {
  messages: [
    {
      name: 'waiting',
      body: { acmeId: 'call-1', state: 'WAIT', attempt: 1, at: 1000, note: 'WAIT here' },
      expect: { callId: 'call-1', status: 'queued', attempt: 1, occurredAt: 1000 },
    },
    {
      name: 'talking',
      body: { acmeId: 'call-1', state: 'TALK', attempt: 1, at: 3000 },
      expect: { status: 'in-progress', source: 'webhook' },
      statusAt: ['state'],
    },
    { name: 'busy', body: { acmeId: 'call-2', state: 'BUSY', attempt: 2, at: 9000 } },
  ],
  signed: {
    rawBody,
    headers: { 'x-acme-signature': sign(rawBody, 'fictional') },
    secret: 'fictional',
  },
}

describe('an honest provider passes', () => {
  for (const check of providerConformance(acme, samples)) test(check.name, check.run)

  test('the suite has 16 checks, and 15 for a provider that signs nothing', () => {
    expect(providerConformance(acme, samples)).toHaveLength(16)
    expect(providerConformance(unsigned, samples)).toHaveLength(15)
    expect(new Set(providerConformance(acme, samples).map((check) => check.name)).size).toBe(16)
  })
})

const { verify: _, ...withoutVerify } = acme
const unsigned: Provider = {
  ...withoutVerify,
  delivery: { ...acme.delivery, signature: null },
}

/** The honest provider with one fault, the check that has to find it, and what the check says. */
interface Fault {
  readonly check: string
  readonly provider?: Partial<Provider> | Provider
  readonly samples?: Partial<ProviderSamples>
  readonly says: RegExp
}

const [waiting, ...others] = samples.messages as [ProviderSamples['messages'][0]]

/** `parse` with its answer changed where it reads an event. */
function parsing(change: (event: ProviderEvent, body: unknown) => unknown): Partial<Provider> {
  const parse = (body: unknown) => {
    const result = parseAcme(body)
    return result.ok ? { ok: true, value: change(result.value, body) } : result
  }
  // A faulty provider has a type that no honest one has.
  return { parse: parse as Provider['parse'] }
}

let calls = 0

const FAULTS: readonly Fault[] = [
  {
    check: 'every status word leads to one of the 16 statuses and says what it loses',
    provider: { statuses: { ...acme.statuses, HOLD: { status: 'in-progress', loss: ' ' } } },
    says: /"HOLD" must say what it loses/,
  },
  {
    check: 'every status word leads to one of the 16 statuses and says what it loses',
    provider: {
      statuses: { ...acme.statuses, HOLD: { status: 'on-hold' as CallStatus, loss: null } },
    },
    says: /"HOLD" leads out of the table/,
  },
  {
    check: 'every status word leads to one of the 16 statuses and says what it loses',
    provider: { statuses: {} },
    says: /no status word at all/,
  },
  {
    check: 'every one of the 16 statuses has a word of the provider and says what it loses',
    provider: { words: { ...acme.words, ringing: { word: 'RINGS', loss: null } } },
    says: /ringing is not one of the provider's own/,
  },
  {
    check: 'every one of the 16 statuses has a word of the provider and says what it loses',
    provider: { words: { busy: acme.words.busy } as Provider['words'] },
    says: /scheduled has no word/,
  },
  {
    check: 'every one of the 16 statuses has a word of the provider and says what it loses',
    provider: { words: { ...acme.words, ringing: { word: 'DIAL', loss: '' } } },
    says: /word for ringing must say what it loses/,
  },
  {
    check: 'a status whose word loses nothing comes back as itself',
    provider: { words: { ...acme.words, ringing: { word: 'DIAL', loss: null } } },
    says: /ringing becomes "DIAL" without loss, yet "DIAL" means initiated/,
  },
  {
    check: 'every sample is recognized, unless its shape is ambiguous',
    provider: { recognizes: (body) => isRecord(body) && 'note' in body },
    says: /sample "talking" is not recognized/,
  },
  {
    check: 'every sample is recognized, unless its shape is ambiguous',
    samples: { messages: [{ ...waiting, ambiguous: 'others name their calls so too' }] },
    says: /sample "waiting" is recognized, though it is ambiguous/,
  },
  {
    check: 'every sample is read as expected',
    provider: parsing((event) => ({ ...event, occurredAt: 1 })),
    says: /sample "waiting": occurredAt is 1, expected 1000/,
  },
  {
    check: 'every sample is read as expected',
    samples: { messages: [{ name: 'torn', body: { acmeId: 'call-1' } }] },
    says: /sample "torn" is not read; state should be a text and is undefined/,
  },
  {
    check: 'every sample is read as expected',
    provider: parsing((event) => ({ ...event, provider: 'other' })),
    says: /names another provider/,
  },
  {
    check: 'every sample is read as expected',
    provider: parsing((event) => ({ ...event, callId: '' })),
    says: /names no call/,
  },
  {
    check: 'every sample is read as expected',
    provider: parsing((event) => ({ ...event, source: 'rumour' })),
    says: /source is none of the known ones/,
  },
  {
    check: 'a status word that nobody knows is kept as it came',
    provider: parsing((event) =>
      isCallStatus(event.status) ? event : { ...event, status: 'failed' },
    ),
    says: /"warp-drive" is read as failed; it must keep the word/,
  },
  {
    check: 'a status word that nobody knows is kept as it came',
    provider: parsing((event) =>
      event.status in {} ? { ...event, status: 'an inherited thing' } : event,
    ),
    says: /"constructor" is read as an inherited thing/,
  },
  {
    check: 'a status word that nobody knows is kept as it came',
    provider: {
      parse: (body) => {
        const result = parseAcme(body)
        const known = result.ok && isCallStatus(result.value.status)
        return known ? result : refuse('state', 'a known word', '')
      },
    },
    says: /unknown status word "warp-drive" is refused/,
  },
  {
    check: 'a status word that nobody knows is kept as it came',
    provider: parsing((event) => ({ ...event, details: { rawStatus: 'elsewhere' } })),
    samples: { messages: [waiting] },
    says: /say where it does with statusAt/,
  },
  {
    check: 'a status word that nobody knows is kept as it came',
    provider: parsing((event) => ({ ...event, source: 'stop-reply' })),
    says: /no sample carries a status word/,
  },
  {
    check:
      'a status word that the provider does not have stays unrecognized, even where it is spelled like one of ours',
    provider: parsing(({ unrecognized: _unrecognized, ...event }) => event),
    says: /"scheduled", which it does not have, is read as scheduled; say unrecognized: true/,
  },
  {
    check:
      'a status word that the provider does not have stays unrecognized, even where it is spelled like one of ours',
    provider: parsing((event) => ({ ...event, unrecognized: isCallStatus(event.status) })),
    says: /which it does not have, is read as [a-z]+_[a-z]+; say unrecognized: true/,
  },
  {
    check:
      'a status word that the provider does not have stays unrecognized, even where it is spelled like one of ours',
    provider: parsing((event) => ({ ...event, unrecognized: event.status !== 'cancelled' })),
    says: /"cancelled", which it does not have, is read as cancelled/,
  },
  {
    check:
      'a status word that the provider does not have stays unrecognized, even where it is spelled like one of ours',
    provider: {
      parse: (body) => {
        const result = parseAcme(body)
        if (!result.ok || !result.value.unrecognized) return result
        return refuse('state', 'a known word', '')
      },
    },
    says: /"scheduled", which it does not have, is refused/,
  },
  {
    check: 'reading changes nothing and gives the same answer each time',
    provider: parsing((event, body) => {
      Object.assign(Object(body), { seen: true })
      return event
    }),
    says: /reading sample "waiting" changes it/,
  },
  {
    check: 'reading changes nothing and gives the same answer each time',
    provider: parsing((event) => ({ ...event, occurredAt: ++calls })),
    says: /read in another way the second time/,
  },
  {
    check: 'every order of the samples ends in the same calls',
    provider: parsing((event) => ({ ...event, attempt: ++calls })),
    says: /read in another order/,
  },
  {
    check: 'a message that says nothing is neither recognized nor read',
    provider: { recognizes: (body) => typeof body === 'object' },
    says: /null is recognized/,
  },
  {
    check: 'a message that says nothing is neither recognized nor read',
    provider: {
      parse: (body) => parseAcme({ acmeId: '?', state: '?', attempt: 1, at: 0, ...Object(body) }),
    },
    says: /undefined is read as an event/,
  },
  {
    check: 'no message makes the provider throw or answer half',
    provider: {
      parse: (body) => {
        JSON.stringify(body)
        return parseAcme(body)
      },
    },
    says: /a message that is no message makes it throw \(RangeError\)/,
  },
  {
    check: 'no message makes the provider throw or answer half',
    provider: { recognizes: (body) => 'acmeId' in Object.keys(body as object) },
    says: /makes it throw \(TypeError\)/,
  },
  {
    check: 'no message makes the provider throw or answer half',
    provider: { parse: (body) => (isRecord(body) ? parseAcme(body) : { ok: false, issues: [] }) },
    says: /no issue says why/,
  },
  {
    check: 'no message makes the provider throw or answer half',
    provider: {
      parse: (body) => {
        const { attempt } = isRecord(body) ? body : {}
        const result = parseAcme(isRecord(body) ? { ...body, attempt: 1 } : body)
        if (!result.ok || typeof attempt !== 'number') return result
        return { ok: true, value: { ...result.value, attempt } }
      },
    },
    says: /a hostile value at "attempt" is answered, but its attempt is no whole number/,
  },
  {
    check: 'an issue never repeats a value of the message',
    provider: {
      parse: (body) => {
        const result = parseAcme(body)
        if (result.ok || !isRecord(body)) return result
        const { state } = body
        return refuse('state', `not ${String(state)}`, body)
      },
    },
    says: /an issue repeats a value of the message in its expected/,
  },
  {
    check: 'an issue never repeats a value of the message',
    provider: {
      parse: (body) => {
        const result = parseAcme(body)
        if (result.ok) return result
        return {
          ok: false,
          issues: [{ path: '', expected: 'x', received: 'x', message: `${body}` }],
        }
      },
    },
    says: /in its message/,
  },
  ...(
    [
      [(event) => event.callId, /is the call id alone/],
      [(event) => `${event.callId} ${event.attempt}`, /stays the same with another status/],
      [(event) => `${event.callId} ${event.status}`, /stays the same with another attempt/],
      [(event) => `${event.attempt} ${event.status}`, /stays the same with another call/],
      [() => `${++calls}`, /is another one the second time/],
    ] satisfies readonly (readonly [Provider['dedupeKey'], RegExp])[]
  ).map(([dedupeKey, says]) => ({
    check:
      'the dedupe key is the same for the same event and tells calls, attempts and statuses apart',
    provider: { dedupeKey },
    says,
  })),
  ...(
    [
      [{ eventTimeField: null }, /eventTimeField says null, but/],
      [{ eventIdField: 'id' }, /eventIdField says id, but/],
      [{ sequenceField: '' }, /sequenceField is empty/],
      [{ signature: { header: 'x-sign', scheme: ' ' } }, /scheme is empty/],
      [{ retryDelaysMs: [1, -1] }, /retry delay is not a number/],
      [{ sources: [] }, /name no document/],
    ] satisfies readonly (readonly [Partial<Provider['delivery']>, RegExp])[]
  ).map(([facts, says]) => ({
    check: 'the delivery facts are complete and agree with the samples',
    provider: { delivery: { ...acme.delivery, ...facts } },
    says,
  })),
  {
    check: 'the delivery facts are complete and agree with the samples',
    provider: parsing((event) => ({ ...event, source: 'record' })),
    says: /no sample is a webhook/,
  },
  {
    check: 'verify is there exactly where deliveries are signed',
    provider: { ...unsigned, delivery: acme.delivery },
    says: /it signs, but has no verify/,
  },
  {
    check: 'verify is there exactly where deliveries are signed',
    provider: { delivery: unsigned.delivery },
    says: /has a verify, but its delivery facts name no signature/,
  },
  ...(
    [
      [async () => false, /the signed sample is refused/],
      [async () => true, /a delivery with an altered body is not refused/],
      [
        async ({ rawBody: body }) => typeof body === 'string',
        /as text or as bytes, but not as both/,
      ],
      [
        async ({ headers }) => headers['x-acme-signature'] === sign(rawBody, 'fictional'),
        /an altered body is not refused/,
      ],
      [
        async ({ rawBody: body, headers }) =>
          headers['x-acme-signature'] === sign(body, 'fictional'),
        /another secret is not refused/,
      ],
      [
        async ({ rawBody: body, headers, secret }) =>
          sign(body, secret).startsWith(String(headers['x-acme-signature'] ?? '')),
        /no signature is not refused/,
      ],
      [
        async ({ rawBody: body, headers, secret }) => {
          const given = Buffer.from(String(headers['x-acme-signature'] ?? ''))
          return timingSafeEqual(given, Buffer.from(sign(body, secret)))
        },
        /verify throws instead of refusing/,
      ],
    ] satisfies readonly (readonly [NonNullable<Provider['verify']>, RegExp])[]
  ).map(([verify, says]) => ({
    check: 'verify accepts the signed sample and refuses every altered one',
    provider: { verify },
    says,
  })),
  {
    check: 'verify accepts the signed sample and refuses every altered one',
    samples: { messages: [waiting, ...others] },
    says: /add a signed sample/,
  },
]

describe('a check finds the fault it is there for', () => {
  test.each(FAULTS)('$check: $says', async ({ check: name, provider, samples: other, says }) => {
    const faulty = isWhole(provider) ? provider : { ...acme, ...provider }
    const given = structuredClone(other?.messages === undefined ? samples : { ...other })
    const messages = given.messages ?? samples.messages
    const check = providerConformance(faulty, { ...given, messages }).find(
      (candidate) => candidate.name === name,
    )
    expect(check).toBeDefined()
    await expect((async () => check?.run())()).rejects.toThrow(says)
  })

  test('every check has a fault that it finds', () => {
    const tried = new Set(FAULTS.map((fault) => fault.check))
    const names = providerConformance(acme, samples).map((check) => check.name)
    expect(names.filter((name) => !tried.has(name))).toEqual([])
  })
})

function isWhole(provider: Fault['provider']): provider is Provider {
  return provider !== undefined && 'name' in provider
}

test('a key need not tell attempts apart where the provider does not say them', async () => {
  const silent = {
    ...acme,
    ...parsing((event) => ({ ...event, attempt: null })),
    dedupeKey: ({ callId, status, occurredAt }: ProviderEvent) =>
      JSON.stringify([callId, status, occurredAt]),
  }
  const messages = samples.messages.map(({ expect: _expected, ...message }) => message)
  for (const check of providerConformance(silent, { ...samples, messages })) await check.run()
})

test('the order in which details were learned is no difference', async () => {
  const messages = [
    { acmeId: 'call-1', state: 'BUSY', attempt: 1, at: 1000, reason: 'b' },
    { acmeId: 'call-1', state: 'BUSY', attempt: 1, at: 1000, code: 'a' },
  ].map((body, place) => ({ name: `busy ${place}`, body }))
  const detailed = {
    ...acme,
    ...parsing((event, body) => {
      const { reason, code } = body as Record<string, unknown>
      return { ...event, details: { ...(reason ? { reason } : { reasonCode: code }) } }
    }),
  }
  const check = providerConformance(detailed, { ...samples, messages }).find(({ name }) =>
    name.startsWith('every order'),
  )
  expect(check).toBeDefined()
  await check?.run()
})

test('a suite without samples is refused, since it would check nothing', () => {
  expect(() => providerConformance(acme, { messages: [] })).toThrow(/at least one sample/)
})

test('the suite passes whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const before = fc.readConfigureGlobal()
      fc.configureGlobal({ ...before, seed })
      try {
        for (const { name, run } of providerConformance(acme, samples)) {
          if (name.startsWith('no message')) run()
        }
      } finally {
        fc.configureGlobal(before)
      }
    }),
    { numRuns: 10 },
  )
})
