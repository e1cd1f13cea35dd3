import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { createTracker, createWebhookHandler, type TrackerOptions } from './index.ts'
import { createMemoryStore } from './memory/index.ts'

const options: TrackerOptions = { store: createMemoryStore(), providers: [bolna] }
const secret = { header: 'x-secret', value: 'of the tests' }

/** What a caller without types may hand in. */
const untyped = (value: unknown) => value as never

test.each([
  ['redcat', { ...options, redcat: () => null }],
  ['providers', { ...options, providers: [] }],
  ['providers', { ...options, providers: undefined }],
  ['providers', { store: createMemoryStore() }],
  ['another provider', { ...options, providerBudgets: { bolnaa: {} } }],
  ['another provider', { ...options, retryPolicies: { bolnaa: {} } }],
  ['object', undefined],
])('createTracker says what it does not know: %s', (said, given) => {
  expect(() => createTracker(untyped(given))).toThrow(said)
  expect(() => createTracker(untyped(given))).toThrow(
    expect.objectContaining({ code: 'invalid-option' }),
  )
})

test.each([
  ['secrets', { origins: { bolna: { secrets: secret } } }],
  ['adresses', { origins: { bolna: { adresses: ['192.0.2.1'], secret } } }],
  ['trustedProxys', { origins: { bolna: { secret } }, trustedProxys: ['192.0.2.1'] }],
  ['origins.bolna', { origins: { bolna: null } }],
  ['object', undefined],
])('a webhook handler says what it does not know: %s', (said, given) => {
  const make = () => createWebhookHandler(createTracker(options), untyped(given))
  expect(make).toThrow(said)
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-option' }))
})

test('a declaration is as good as what defineProvider makes of it, and no text is one', async () => {
  const declaration = {
    name: 'plain',
    statuses: { UP: { status: 'in-progress' as const }, OVER: { status: 'completed' as const } },
    recognizes: () => false,
    read: ({ body, kind }: { readonly body: unknown; readonly kind: string | null }) => ({
      ok: true as const,
      type: 'events' as const,
      events: [
        untyped({ provider: 'plain', callId: 'c', kind: kind ?? 'webhook', ...Object(body) }),
      ],
    }),
  }
  const tracker = createTracker({ ...options, providers: [declaration] })
  const body = { status: 'in-progress', word: 'UP', attempt: 1, occurredAt: null }
  await tracker.ingest({ provider: 'plain', body })
  const over = await tracker.ingest({
    provider: 'plain',
    body: { ...body, status: 'completed', word: 'OVER' },
  })
  expect(over).toMatchObject({ decision: { kind: 'advanced', skipped: [] } })
  expect(() => createTracker({ ...options, providers: [untyped('bolna')] })).toThrow(
    expect.objectContaining({ code: 'invalid-provider' }),
  )
})
