import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeliveryHead, OriginCheck, Provider } from '../../providers/index.ts'
import { type ProviderSamples, providerConformance } from '../index.ts'
import { type Fault, reading } from './fault.fixture.ts'
import { ASK_FAULTS } from './faults/ask.fixture.ts'
import { DELIVERY_FAULTS } from './faults/delivery.fixture.ts'
import { FINAL_DATA_FAULTS } from './faults/final-data.fixture.ts'
import { HOSTILE_FAULTS } from './faults/hostile.fixture.ts'
import { ORIGIN_FAULTS } from './faults/origin.fixture.ts'
import { READING_FAULTS } from './faults/reading.fixture.ts'
import { TELLING_FAULTS } from './faults/telling.fixture.ts'
import { VOCABULARY_FAULTS } from './faults/vocabulary.fixture.ts'
import { WORD_FAULTS } from './faults/words.fixture.ts'
import { acme, samples } from './honest.fixture.ts'

const FAULTS: readonly Fault[] = [
  ...VOCABULARY_FAULTS,
  ...READING_FAULTS,
  ...WORD_FAULTS,
  ...HOSTILE_FAULTS,
  ...DELIVERY_FAULTS,
  ...ORIGIN_FAULTS,
  ...ASK_FAULTS,
  ...TELLING_FAULTS,
  ...FINAL_DATA_FAULTS,
]

/** The honest provider without what a provider need not have. */
const bare = { ...acme, kinds: {}, origin: [], ask: null, tell: null, finalData: null }
const { sameMessage: _sameMessage, ...plain } = {
  ...bare,
  receives: { methods: ['POST'], bodies: ['json'] } as const,
}

describe('an honest provider passes', () => {
  for (const check of providerConformance(acme, samples)) test(check.name, check.run)

  test('the suite has 39 checks, and 18 for a provider that has the least', () => {
    expect(providerConformance(acme, samples)).toHaveLength(39)
    expect(providerConformance(plain, samples)).toHaveLength(18)
  })

  test('each check has a name of its own and says what it proves', () => {
    const checks = providerConformance(acme, samples)
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length)
    for (const { proves } of checks) expect(proves).toMatch(/^(that|the same|law) .+[^.]$/)
  })
})

describe('a check finds the fault it is there for', () => {
  test.each(FAULTS)(
    '$check: $says',
    async ({ check: name, provider = {}, samples: other, says }) => {
      const faulty = isWhole(provider) ? provider : { ...acme, ...provider }
      const given: ProviderSamples = structuredClone({ ...samples, ...other })
      const check = providerConformance(faulty, given).find((candidate) => candidate.name === name)
      expect(check).toBeDefined()
      await expect((async () => check?.run())()).rejects.toThrow(says)
    },
  )

  test('every check has a fault that it finds', () => {
    const tried = new Set(FAULTS.map((fault) => fault.check))
    const names = providerConformance(acme, samples).map((check) => check.name)
    expect(names.filter((name) => !tried.has(name))).toEqual([])
  })
})

/** A provider that must not be copied, since copying it would mend it. */
function isWhole(provider: Partial<Provider>): provider is Provider {
  return 'name' in provider
}

test('a provider that has the least passes', async () => {
  const messages = samples.messages.filter(
    ({ delivery, expect: { reads } = {} }) => delivery === undefined && reads === undefined,
  )
  for (const check of providerConformance(plain, { messages })) await check.run()
})

test('a proof may stand in the address, and never get old', async () => {
  const inAddress = {
    ...acme,
    origin: [
      {
        name: 'token',
        title: 'a token in the address',
        key: 'the token',
        header: null,
        checkHead: ({ url }: DeliveryHead, { keys }: OriginCheck) => {
          const token = new URL(url).searchParams.get('token')
          if (token === null) return { ok: false, reason: 'missing' } as const
          return keys.includes(token) ? { ok: true } : ({ ok: false, reason: 'wrong' } as const)
        },
      },
    ],
    tell: null,
  } satisfies Provider
  const delivery = { url: 'https://receiver.example/webhooks?token=made-up' }
  const signed = [{ delivery, key: 'made-up', now: 0, covers: [] }]
  const checks = providerConformance(inAddress, { ...samples, signed })
  expect(checks).toHaveLength(31)
  for (const check of checks) await check.run()
})

test('attempts need not be told apart where the provider does not say them', async () => {
  const silent = { ...acme, ...reading((event) => ({ ...event, attempt: null })) }
  const messages = samples.messages.filter(({ expect: { attempt } = {} }) => attempt !== 1)
  for (const check of providerConformance(silent, { ...samples, messages })) await check.run()
})

test('the order in which details were learned is no difference', async () => {
  const messages = [
    { acmeId: 'call-1', state: 'BUSY', attempt: 1, at: 1000, reason: 'b' },
    { acmeId: 'call-1', state: 'BUSY', attempt: 1, at: 1000, code: 'a' },
  ].map((body, place) => ({ name: `busy ${place}`, body }))
  const detailed = {
    ...acme,
    ...reading((event, body) => {
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

test('the suite passes whatever the seed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const before = fc.readConfigureGlobal()
      fc.configureGlobal({ ...before, seed })
      try {
        for (const { name, run } of providerConformance(acme, samples)) {
          if (name.startsWith('no message')) await run()
        }
      } finally {
        fc.configureGlobal(before)
      }
    }),
    { numRuns: 10 },
  )
})
