import { readEnvelope } from 'callstate/internal'
import { checkOriginBody, type Delivery } from 'callstate/providers'
import { describe, expect, test } from 'vitest'
import {
  ACME_AT,
  ACME_TOKEN,
  acme,
  acmeSignature,
  formOf,
  statusFields,
  statusForm,
} from '../acme.fixture.ts'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { Store } from '../store.ts'
import { createWebhookHandler } from './index.ts'
import { type RecordOptions, recordDeliveries } from './record-deliveries.ts'

const ringing = statusForm(statusFields('call-a', 'RINGING', 1))
const URL_OF_HOOK = 'https://receiver.test/webhooks/acme?tenant=7'

function setUp(options?: RecordOptions, store: Store = createMemoryStore()) {
  const lines: string[] = []
  const errors: string[] = []
  const quiet = () => {}
  const tracker = createTracker({
    store,
    providers: [acme],
    now: () => ACME_AT,
    logger: {
      ...{ debug: quiet, info: quiet, warn: quiet },
      error: (fields, message) => void errors.push(`${message} ${JSON.stringify(fields)}`),
    },
  })
  const secret = { header: 'X-Own-Secret', value: 'hush' }
  const handler = createWebhookHandler(tracker, {
    origins: { acme: { keys: ACME_TOKEN, secret, addresses: 'any' } },
  })
  const sink = { write: (line: string): void | Promise<void> => void lines.push(line) }
  return { lines, errors, sink, handler, recorded: recordDeliveries(handler, sink, options) }
}

function send(body: string, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(URL_OF_HOOK, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-acme-signature': acmeSignature('POST', URL_OF_HOOK, body),
      'x-own-secret': 'hush',
      ...headers,
    },
  })
}

/** A line, as a log of envelopes is read. */
function deliveryIn(line: string) {
  const reading = readEnvelope(JSON.parse(line))
  if (reading.type !== 'envelope') throw new Error(`read as ${reading.type}`)
  return reading.envelope
}

describe('recordDeliveries', () => {
  test('records what was stored, repeated, not kept and no event, each as it came', async () => {
    const { lines, recorded } = setUp()
    const survey = formOf([
      ['Kind', 'transcript'],
      ['CallId', 'call-a'],
      ['Text', 'Grüße'],
    ])
    const none = formOf([
      ['Kind', 'status'],
      ['Status', 'BUSY'],
    ])
    const bodies = [ringing, ringing, survey, none]
    const statuses = []
    for (const body of bodies) statuses.push((await recorded(send(body))).status)
    expect(statuses).toEqual([204, 204, 204, 400])
    const envelopes = lines.map(deliveryIn)
    expect(envelopes.map(({ delivery }) => String(Buffer.from(delivery.rawBody ?? '')))).toEqual(
      bodies,
    )
    expect(envelopes[0]).toMatchObject({
      ...{ provider: 'acme', kind: 'webhook' },
      delivery: { method: 'POST', url: URL_OF_HOOK, receivedAt: ACME_AT },
    })
  })

  test('keeps the signature, so that it can be checked again, and no secret', async () => {
    const { lines, recorded } = setUp()
    const headers = { authorization: 'Bearer hush-hush', cookie: 'session=hush-hush' }
    await recorded(send(ringing, headers))
    expect(lines.join()).not.toContain('hush')
    const { delivery } = deliveryIn(lines[0] ?? '')
    expect(delivery.headers).toMatchObject({
      ...{ authorization: '[redacted]', cookie: '[redacted]', 'x-own-secret': '[redacted]' },
    })
    if (delivery.rawBody === null) return expect.unreachable()
    const again: Delivery = { ...delivery, rawBody: delivery.rawBody, receivedAt: ACME_AT }
    expect(await checkOriginBody(acme, again, ACME_TOKEN, ACME_AT)).toMatchObject({ ok: true })
  })

  test('records nothing of what did not prove its origin, and nothing that was not stored', async () => {
    const memory = createMemoryStore()
    const broken: Store = { ...memory, append: () => Promise.reject(new Error('full')) }
    const { lines, recorded } = setUp({}, broken)
    const wrong = { 'x-acme-signature': acmeSignature('POST', URL_OF_HOOK, ringing, ACME_AT, 'x') }
    expect((await recorded(send(ringing, wrong))).status).toBe(401)
    expect((await recorded(send(ringing, { 'x-own-secret': 'guess' }))).status).toBe(401)
    expect((await recorded(send(ringing))).status).toBe(503)
    expect(lines).toEqual([])
  })

  test('writes what redact leaves, as decoded data without the query', async () => {
    const redact = (body: unknown) => ({ ...(body as object), CallId: 'hidden' })
    const { lines, recorded } = setUp({ redact })
    await recorded(send(ringing))
    expect(lines.join()).not.toMatch(/call-a","|tenant/)
    const { delivery } = deliveryIn(lines[0] ?? '')
    expect(delivery).toMatchObject({
      ...{ rawBody: null, url: 'https://receiver.test/webhooks/acme' },
      decoded: { Kind: 'status', CallId: 'hidden', Status: 'RINGING' },
    })
  })

  test('writes nothing where redact leaves nothing, and says where it throws', async () => {
    const none = setUp({ redact: () => undefined })
    expect((await none.recorded(send(ringing))).status).toBe(204)
    expect([none.lines, none.errors]).toEqual([[], []])
    const throwing = setUp({
      redact: () => {
        throw new Error('call-a')
      },
    })
    expect((await throwing.recorded(send(ringing))).status).toBe(204)
    expect(throwing.errors).toEqual(['Deliveries could not be recorded. {"error":"Error"}'])
  })

  test('a sink that fails changes no answer, and is said once until it works again', async () => {
    const { errors, lines, sink, recorded } = setUp()
    const write = sink.write
    for (const fail of [
      () => Promise.reject(new Error('call-a')),
      () => {
        throw new Error('call-a')
      },
    ]) {
      sink.write = fail
      expect((await recorded(send(ringing))).status).toBe(204)
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors).toEqual(['Deliveries could not be recorded. {"error":"Error"}'])
    sink.write = write
    await recorded(send(ringing))
    await new Promise((resolve) => setImmediate(resolve))
    expect(lines).toHaveLength(1)
    sink.write = () => Promise.reject(new Error('again'))
    await recorded(send(ringing))
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors).toHaveLength(2)
  })

  test('a sink that never ends holds up no answer', async () => {
    const { sink, recorded } = setUp()
    sink.write = () => new Promise(() => {})
    expect((await recorded(send(ringing))).status).toBe(204)
  })

  test('may be done twice, to two sinks', async () => {
    const { lines, recorded } = setUp()
    const others: string[] = []
    const twice = recordDeliveries(recorded, { write: (line) => void others.push(line) })
    await twice(send(ringing))
    expect(others).toEqual(lines)
    expect(others).toHaveLength(1)
  })

  test('wants a handler that it can look into', () => {
    const { handler, sink } = setUp()
    const wrapped = (request: Request) => handler(request)
    const invalid = expect.objectContaining({ code: 'invalid-option' })
    expect(() => recordDeliveries(wrapped, sink)).toThrow(invalid)
  })
})
