import {
  CALL_STATUSES,
  type CallStatus,
  outcome,
  parseStatus,
  type RetryPolicy,
  replay,
  timeline,
} from 'callstate'
import { defineProvider, type ProviderEvent } from 'callstate/providers'
import { PROVIDERS } from 'callstate/providers/all'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallLedger, type LedgerSettings } from './call-ledger.ts'
import { reportCall } from './call-report.ts'

/** An event and the line at which it stands. */
interface Told {
  readonly line: number
  readonly event: ProviderEvent
}

const time = fc.integer({ min: 1_767_225_600_000, max: 1_767_225_700_000 })

const policy = fc.constantFrom<RetryPolicy>(
  { maxAttempts: 3, retryOn: ['busy'], retryOnVoicemail: false, delaysMs: [60_000] },
  { maxAttempts: 1, retryOn: [], retryOnVoicemail: false, delaysMs: [] },
)

const said = fc.oneof(
  fc.constantFrom(...CALL_STATUSES).map((status) => ({ status, word: status })),
  fc.constantFrom('warp-drive', '').map((word) => ({ status: null, word })),
)

const told: fc.Arbitrary<Told> = fc.record({
  line: fc.nat(1000),
  event: fc
    .record(
      {
        provider: fc.constantFrom('bolna', 'dialgen'),
        callId: fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'a b'),
        said,
        attempt: fc.option(fc.integer({ min: 1, max: 3 })),
        occurredAt: fc.option(time),
        details: fc.record(
          {
            talkMs: fc.nat(),
            ringMs: fc.nat(),
            voicemail: fc.boolean(),
            reason: fc.string(),
            hangupBy: fc.constantFrom('caller' as const, 'callee' as const),
            scheduledFor: time,
            retryPolicy: policy,
          },
          { requiredKeys: [] },
        ),
        earlier: fc.array(
          fc.record({
            attempt: fc.integer({ min: 1, max: 3 }),
            status: fc.constantFrom('busy' as const, null),
            word: fc.constantFrom('warp-drive', 'hyper-space'),
            occurredAt: fc.option(time),
          }),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: ['provider', 'callId', 'said'] },
    )
    .map(({ said: { status, word }, ...event }) => ({ ...event, status, word, kind: 'webhook' })),
})

const settingsOf = (settings: Partial<LedgerSettings>): LedgerSettings => ({
  providers: PROVIDERS,
  strict: false,
  ...settings,
})

function report(all: readonly Told[], settings: Partial<LedgerSettings> = {}) {
  const ledger = new CallLedger(settingsOf(settings))
  for (const { line, event } of all) ledger.take(event, { file: 'log', line })
  const { decisions, findings } = ledger
  return { calls: [...ledger.entries()].map(reportCall), decisions, findings }
}

const eventOf = (status: CallStatus | null, more: Partial<ProviderEvent> = {}): ProviderEvent => ({
  provider: 'bolna',
  callId: 'a',
  status,
  word: status ?? 'warp-drive',
  kind: 'webhook',
  ...more,
})

const unrecognized = (line: number, word: string, attempt: number | null = null): Told => ({
  line,
  event: eventOf(null, { word, attempt }),
})

describe('CallLedger', () => {
  test('says the same however few calls it keeps as objects', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 80 }), fc.boolean(), (all, strict) => {
        const expected = report(all, { strict })
        for (const recentCalls of [1, 2, 3])
          expect(report(all, { strict, recentCalls })).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('comes to the calls that the library comes to, with all that was said of them', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 60 }), (all) => {
        const ledger = new CallLedger(settingsOf({ recentCalls: 2 }))
        for (const { line, event } of all) ledger.take(event, { file: 'log', line })
        for (const { provider: name, id, call } of ledger.entries()) {
          const events = all
            .map(({ event }) => event)
            .filter(({ provider, callId }) => provider === name && callId === id)
          const provider = PROVIDERS.find((one) => one.name === name)
          const expected = replay(events, { provider }).call
          expect(call).toEqual({ ...expected, unrecognized: [] })
          expect([outcome(call), timeline(call)]).toEqual([outcome(expected), timeline(expected)])
        }
      }),
    )
  })

  test('gives every event one decision', () => {
    fc.assert(
      fc.property(fc.array(told), (all) => {
        const { calls, decisions } = report(all, { strict: true })
        const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
        expect(sum(Object.values(decisions))).toBe(all.length)
        expect(sum(calls.flatMap((call) => Object.values(call.decisions)))).toBe(all.length)
      }),
    )
  })

  test('tells calls of different providers apart that have the same identifier', () => {
    const { calls } = report([
      { line: 1, event: eventOf('completed') },
      { line: 2, event: eventOf('queued', { provider: 'dialgen' }) },
    ])
    expect(calls.map(({ provider, status }) => [provider, status])).toEqual([
      ['bolna', 'completed'],
      ['dialgen', 'queued'],
    ])
  })

  test('lists every finding of a call', () => {
    const letters = (number: number) => [...String(number)].map((digit) => 'abcdefghij'[+digit])
    const rows = Array.from({ length: 1500 }, (_, index) =>
      unrecognized(index + 1, `warp-${letters(index).join('')}`),
    )
    const { calls, findings } = report(rows, { recentCalls: 1 })
    expect(findings).toBe(1500)
    expect(calls[0]?.findings.map(({ line }) => line)).toEqual(rows.map(({ line }) => line))
  })

  test('finds a word that is no status once in a call, however often it comes', () => {
    const rows = [1, 2, 3].map((line) => unrecognized(line, 'warp-drive', line))
    const { calls, decisions } = report(rows)
    expect(decisions.unrecognized).toBe(3)
    expect(calls[0]?.findings.map(({ line, kind }) => [line, kind])).toEqual([[1, 'unrecognized']])
  })

  test('finds a word also where the end of an earlier attempt that came with it moved the call', () => {
    const earlier = [{ attempt: 1, status: 'busy' as const }]
    const { calls } = report([{ line: 1, event: eventOf(null, { word: 'warp-drive', earlier }) }])
    expect(calls).toMatchObject([
      {
        status: 'busy',
        decisions: { advanced: 1, unrecognized: 0 },
        findings: [{ line: 1, message: 'the status "warp-drive" is not one of the 16 statuses' }],
      },
    ])
  })

  test('says of a contradiction which status the call has after it', () => {
    const both = (...statuses: readonly CallStatus[]) =>
      report(statuses.map((status, place) => ({ line: place, event: eventOf(status) }))).calls
    for (const ends of [
      ['busy', 'completed'],
      ['completed', 'busy'],
    ] as const) {
      const [call] = both(...ends)
      // Either end alone says nothing of when it was; which of them counts does not depend on the order.
      expect(call?.findings).toMatchObject([{ kind: 'conflicting', counts: 'busy' }])
      expect(call?.findings[0]?.message).toMatch(/has two ends: .*; the call is busy$/)
    }
  })

  test('takes what was read anew for a finding where it is strict, and only there', () => {
    // That `stopped` belongs to attempt 2 is known only when its other end has come.
    const minute = (count: number) => 1_767_225_600_000 + count * 60_000
    const rows = [
      eventOf('canceled', { attempt: 1, occurredAt: minute(0) }),
      eventOf('prepared', { attempt: 3 }),
      eventOf('stopped', { occurredAt: minute(1) }),
      eventOf('failed', { attempt: 2, occurredAt: minute(4) }),
    ].map((event, place) => ({ line: place + 1, event }))
    expect(report(rows)).toMatchObject({ findings: 0 })
    const [call] = report(rows, { strict: true }).calls
    const anew = call?.findings.filter(({ kind }) => kind === 'read-anew')
    expect(anew).toMatchObject([{ line: 4, counts: call?.status }])
  })

  test.each([
    ['warp-drive', 'the status "warp-drive" is not one of the 16 statuses'],
    ['on_hold', 'the status "on_hold" is not one of the 16 statuses'],
    ['completed', 'the status "completed" is not a word of this provider'],
    ['Anita Rao', 'a status (not shown) is not one of the 16 statuses'],
    ['anita.rao', 'a status (not shown) is not one of the 16 statuses'],
    ['call 9876-543-210', 'a status (not shown) is not one of the 16 statuses'],
    ['+12025550123', 'a status (not shown) is not one of the 16 statuses'],
    ['phase2', 'a status (not shown) is not one of the 16 statuses'],
    ['a'.repeat(40), `the status "${'a'.repeat(40)}" is not one of the 16 statuses`],
    ['a'.repeat(41), 'a status (not shown) is not one of the 16 statuses'],
  ])(
    'takes the word %j for unrecognized and repeats it only where it looks like a status',
    (word, message) => {
      const { calls } = report([unrecognized(1, word)])
      expect(calls).toMatchObject([
        { status: null, decisions: { unrecognized: 1 }, findings: [{ message }] },
      ])
    },
  )

  test('finds an unrecognized word of an earlier attempt once in a call', () => {
    const history = (line: number, callId: string, ...words: string[]): Told => {
      const earlier = words.map((word) => {
        return { attempt: 1, ...parseStatus(word), occurredAt: line }
      })
      return { line, event: eventOf('queued', { callId, attempt: 2, occurredAt: line, earlier }) }
    }
    const rows = [
      history(1, 'a', 'busy', 'warp-drive'),
      history(2, 'b', 'warp-drive'),
      history(3, 'a', 'warp-drive', '+12025550123'),
      unrecognized(4, 'on-hold'),
      history(5, 'a', 'on-hold', 'warp-drive', '+12025550123', 'hyper-space'),
    ]
    for (const recentCalls of [1, 100]) {
      const { calls, findings } = report(rows, { recentCalls })
      expect(findings).toBe(5)
      expect(
        calls.map((call) => call.findings.map(({ line, message }) => [line, message])),
      ).toEqual([
        [
          [1, 'the status "warp-drive" of an earlier attempt is not one of the 16 statuses'],
          [3, 'a status (not shown) of an earlier attempt is not one of the 16 statuses'],
          [4, 'the status "on-hold" is not one of the 16 statuses'],
          [5, 'the status "hyper-space" of an earlier attempt is not one of the 16 statuses'],
        ],
        [[2, 'the status "warp-drive" of an earlier attempt is not one of the 16 statuses']],
      ])
    }
  })

  test('keeps no unrecognized word in the call itself, where its times could grow with the lines', () => {
    const ledger = new CallLedger(settingsOf({}))
    for (let line = 1; line <= 1000; line++) {
      ledger.take(unrecognized(line, 'warp-drive', line).event, { file: 'log', line })
    }
    const [entry] = ledger.entries()
    expect(entry?.call.unrecognized).toEqual([])
  })

  test('takes a call for settled by the habit of its provider, where its own messages say none', () => {
    const retrying = defineProvider({
      name: 'acme',
      statuses: { busy: { status: 'busy' } },
      habits: {
        retryPolicy: {
          maxAttempts: 2,
          retryOn: ['busy'],
          retryOnVoicemail: false,
          delaysMs: [1000],
        },
      },
      recognizes: () => false,
      read: () => ({ ok: false, issues: [] }),
    })
    const never = { maxAttempts: 1, retryOn: [], retryOnVoicemail: false, delaysMs: [] }
    const settled = (event: ProviderEvent) =>
      report([{ line: 1, event }], { providers: [retrying] }).calls[0]?.settled
    const busy = eventOf('busy', { provider: 'acme' })
    expect(settled(busy)).toBe(false)
    expect(settled({ ...busy, attempt: 2 })).toBe(true)
    expect(settled({ ...busy, details: { retryPolicy: never } })).toBe(true)
  })

  test('judges a call by the lifecycle of its provider', () => {
    const both = defineProvider({
      name: 'acme',
      statuses: { busy: { status: 'busy' }, done: { status: 'completed' } },
      habits: { reportsBoth: [['busy', 'completed']] },
      recognizes: () => false,
      read: () => ({ ok: false, issues: [] }),
    })
    const all = ['busy', 'completed'] as const
    const events = (provider: string) =>
      all.map((status, place) => ({ line: place, event: eventOf(status, { provider }) }))
    expect(report(events('acme'), { providers: [both] }).findings).toBe(0)
    expect(report(events('bolna')).findings).toBe(1)
  })
})
