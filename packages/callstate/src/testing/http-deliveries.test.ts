import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadAcme } from '../../test/acme.ts'
import { allWithSamples } from '../../test/provider-samples.ts'
import { type Call, checkTransition, observe } from '../index.ts'
import { decodeDelivery } from '../providers/body/decode-delivery.ts'
import type { Delivery, Provider, ProviderEvent } from '../providers/index.ts'
import { checkOriginBody } from '../providers/origin/origin.ts'
import {
  type HttpDelivered,
  httpDeliveries,
  momentsOf,
  rawBodies,
  signDeliveries,
  toldDelivery,
  toldStories,
} from './index.ts'

const PROVIDERS = (await allWithSamples()).map(({ provider }) => provider)
const acme = await loadAcme()

async function eventsIn(
  provider: Provider,
  delivered: readonly Delivery[],
): Promise<readonly ProviderEvent[]> {
  const events: ProviderEvent[] = []
  for (const delivery of delivered) {
    const decoding = await decodeDelivery(provider.receives, delivery)
    if (!decoding.ok) throw new Error(`not decoded: ${decoding.reason}`)
    const { body, query } = decoding
    const reading = provider.read({ body, query, headers: delivery.headers, kind: 'webhook' })
    if (!reading.ok) throw new Error(`not read: ${JSON.stringify(reading.issues)}`)
    if (reading.type === 'events') events.push(...reading.events)
  }
  return events
}

function callsOf(provider: Provider, events: readonly ProviderEvent[]): ReadonlyMap<string, Call> {
  const calls = new Map<string, Call>()
  for (const event of events) {
    calls.set(event.callId, observe(calls.get(event.callId), event, { provider }).call)
  }
  return calls
}

/** What is told of the stories, each in order and without any fault. */
function toldOf(provider: Provider, { stories }: HttpDelivered): readonly Delivery[] {
  return stories
    .flatMap(({ moments }) => moments)
    .flatMap((moment) => provider.tell?.(moment, 'webhook') ?? [])
    .map((message) => toldDelivery(message))
}

describe.each(PROVIDERS.map((provider) => [provider.name, provider] as const))(
  '%s',
  (_, provider) => {
    test('a story is a way of its own lifecycle, told moment by moment', () => {
      fc.assert(
        fc.property(toldStories(provider), ({ callId, direction, events, moments }) => {
          expect(moments.map(({ status }) => status)).toEqual(events.map(({ status }) => status))
          for (const [place, moment] of moments.entries()) {
            expect(moment).toMatchObject({ callId, direction })
            expect(moment.steps.at(-1)).toMatchObject({
              attempt: moment.attempt,
              status: moment.status,
              occurredAt: moment.occurredAt,
            })
            const before = moment.steps.at(-2)
            if (before?.attempt !== moment.attempt) continue
            const check = checkTransition(before.status, moment.status, { provider })
            expect([place, check.message, check.ok]).toEqual([place, check.message, true])
          }
        }),
      )
    })

    test('whatever the network does, the calls are those that were told', async () => {
      await fc.assert(
        fc.asyncProperty(httpDeliveries(provider), async (delivered) => {
          const heard = callsOf(provider, await eventsIn(provider, delivered.deliveries))
          const told = callsOf(provider, await eventsIn(provider, toldOf(provider, delivered)))
          expect([...heard.keys()].toSorted()).toEqual([...told.keys()].toSorted())
          for (const [callId, call] of told) expect(heard.get(callId)).toEqual(call)
          for (const { callId, events } of delivered.stories) {
            const call = heard.get(callId)
            // Where no message says its attempt, an earlier end may outweigh the last one.
            if (call?.heard.every(({ attempt }) => attempt === null)) continue
            const { status, attempt } = events.at(-1) ?? {}
            expect(call).toMatchObject({ status, attempt })
          }
        }),
        { numRuns: 60 },
      )
    })

    test('a delivery never comes before it was told, nor out of its order of arrival', () => {
      fc.assert(
        fc.property(httpDeliveries(provider), ({ stories, deliveries }) => {
          const times = deliveries.map(({ receivedAt }) => receivedAt)
          expect(times).toEqual(times.toSorted((a, b) => a - b))
          const first = Math.min(...stories.flatMap(({ events }) => events[0]?.occurredAt ?? []))
          for (const time of times) expect(time).toBeGreaterThanOrEqual(first)
          const [address = null] = provider.delivery.sourceAddresses
          for (const { remoteAddress } of deliveries) expect(remoteAddress).toBe(address)
        }),
      )
    })

    test('signed, each is proven when it comes, and by no other key', async () => {
      const keys = Object.fromEntries(provider.origin.map(({ name }) => [name, 'a secret']))
      const others = Object.fromEntries(provider.origin.map(({ name }) => [name, 'another']))
      await fc.assert(
        fc.asyncProperty(httpDeliveries(provider), async ({ deliveries }) => {
          for (const delivery of await signDeliveries(provider, deliveries, keys)) {
            const { receivedAt } = delivery
            expect(await checkOriginBody(provider, delivery, keys, receivedAt)).toMatchObject({
              ok: true,
            })
            const other = await checkOriginBody(provider, delivery, others, receivedAt)
            expect(other.ok).toBe(provider.origin.length === 0)
          }
        }),
        { numRuns: 30 },
      )
    })

    test('a raw body of any kind is read as its call', () => {
      fc.assert(
        fc.property(rawBodies(provider, { kinds: ['record'] }), ({ moment, kind, body }) => {
          const reading = provider.read({ body: JSON.parse(body), kind })
          expect(reading).toMatchObject({ ok: true, type: 'events' })
          if (!reading.ok || reading.type !== 'events') return
          expect(reading.events[0]).toMatchObject({ callId: moment.callId, kind: 'record' })
          expect(reading.events.map(({ status }) => status)).toContain(moment.status)
        }),
      )
    })
  },
)

describe('what is drawn', () => {
  const drawn = fc.sample(httpDeliveries(acme), { numRuns: 300, seed: 7 })
  const all = drawn.flatMap(({ deliveries }) => deliveries)
  const texts = all.map(({ url, rawBody }) => url + new TextDecoder().decode(rawBody))

  test('every kind of message and both methods come', () => {
    for (const kind of ['status', 'answer', 'recording', 'transcript']) {
      expect(texts.some((text) => text.includes(`Kind=${kind}`))).toBe(true)
    }
    expect(new Set(all.map(({ method }) => method))).toEqual(new Set(['POST', 'GET']))
  })

  test('the same message comes in several spellings, and in the same one', () => {
    expect(texts.some((text) => text.includes('%2c'))).toBe(true)
    expect(texts.some((text) => text.includes('%2C'))).toBe(true)
    expect(texts.some((text) => /[?&]Status=\w+&Try=\d+&/.test(text))).toBe(true)
    expect(texts.some((text) => /[?&]Try=\d+&At=\d+&.*Status=/.test(text))).toBe(true)
    expect(new Set(texts).size).toBeLessThan(texts.length)
  })

  test('several calls come among each other, some of several attempts', () => {
    const counts = drawn.map(({ stories }) => stories.length)
    expect(new Set(counts)).toEqual(new Set([1, 2]))
    const attempts = drawn.flatMap(({ stories }) =>
      stories.map(({ events }) => events.at(-1)?.attempt),
    )
    expect(attempts).toContain(2)
    const directions = drawn.flatMap(({ stories }) => stories.map(({ direction }) => direction))
    expect(new Set(directions)).toEqual(new Set(['outbound', 'inbound']))
  })

  test('messages are lost, kept in order, or untouched where that is asked for', () => {
    const fine = { maxCopies: 1, maxDelayMs: 0 }
    const untouched = httpDeliveries(acme, { faults: fine, maxCalls: 1, spelled: false })
    for (const delivered of fc.sample(untouched, { numRuns: 30, seed: 3 })) {
      const told = toldOf(acme, delivered)
      const bodies = (list: readonly Delivery[]) =>
        list.map(({ url, rawBody }) => [url, new TextDecoder().decode(rawBody)])
      expect(bodies(delivered.deliveries)).toEqual(bodies(told))
    }
    const lossy = httpDeliveries(acme, { faults: { ...fine, maxLost: 3 }, maxCalls: 1 })
    const missing = fc
      .sample(lossy, { numRuns: 60, seed: 3 })
      .map((delivered) => toldOf(acme, delivered).length - delivered.deliveries.length)
    expect(Math.max(...missing)).toBe(3)
    expect(Math.min(...missing)).toBe(0)
  })

  test('deliveries go to the address that is named, with its own query', () => {
    const url = 'https://me.example/hooks/acme?tenant=7'
    for (const { deliveries } of fc.sample(httpDeliveries(acme, { url }), {
      numRuns: 20,
      seed: 3,
    })) {
      for (const delivery of deliveries) {
        const address = new URL(delivery.url)
        expect(address.origin + address.pathname).toBe('https://me.example/hooks/acme')
        expect(address.searchParams.get('tenant')).toBe('7')
      }
    }
  })

  test('what fails shrinks to one call without faults', () => {
    const property = fc.property(
      httpDeliveries(acme, { direction: 'outbound' }),
      ({ deliveries }) => deliveries.every(({ method }) => method !== 'GET'),
    )
    const { counterexample } = fc.check(property, { seed: 5, numRuns: 500 })
    const [{ stories, deliveries }] = counterexample ?? [{ stories: [], deliveries: [] }]
    expect(stories).toHaveLength(1)
    expect(deliveries.some(({ method }) => method === 'GET')).toBe(true)
  })
})

test('a provider that does not say what it tells has no messages', () => {
  const silent = { ...acme, tell: null }
  expect(() => toldStories(silent)).toThrow(/"acme" does not say what it tells; declare tell/)
  expect(() => httpDeliveries(silent)).toThrow(TypeError)
  expect(() => rawBodies(silent)).toThrow(TypeError)
})

test('moments know what the times say, and the rest at the end', () => {
  const at = 1_769_421_600_000
  const events = (['ringing', 'in-progress', 'completed'] as const).map((status, place) => ({
    status,
    attempt: 1,
    occurredAt: at + place * 4_000,
  }))
  const moments = momentsOf(events, {
    callId: 'call-1',
    direction: 'inbound',
    facts: { cost: 3, from: '+12025550111' },
  })
  expect(moments.map(({ facts }) => facts)).toEqual([
    { from: '+12025550111', to: '+12025550101' },
    { from: '+12025550111', to: '+12025550101', ringMs: 4_000 },
    { from: '+12025550111', to: '+12025550101', ringMs: 4_000, talkMs: 4_000, cost: 3 },
  ])
  expect(moments.map(({ steps }) => steps.length)).toEqual([1, 2, 3])
})
