import { describe, expect, test } from 'vitest'
import { complaint, least, refusal } from './declaration.fixture.ts'

// The sentences that people without types meet.

const record = () => []

const FIELDS = 'durationMs, cost, recording, transcript, extraction, hangupBy, reason, voicemail'

describe('what it says of', () => {
  test.each<[unknown, string]>([
    [null, 'expected an object with its name and functions, got null'],
    [undefined, 'expected an object with its name and functions, got nothing'],
    [[], 'expected an object with its name and functions, got array'],
    [() => least, 'expected an object with its name and functions, got function'],
    ['acme', 'expected an object with its name and functions, got "acme"'],
    [{}, 'name: expected text, got nothing'],
    [{ ...least, name: 7 }, 'name: expected text, got number'],
    [{ ...least, name: Symbol('acme') }, 'name: expected text, got symbol'],
  ])('a declaration without a name, %#', (declaration, why) => {
    expect(String(refusal(declaration))).toBe(
      `CallstateError: Provider "?" cannot be defined: ${why}.`,
    )
  })

  test.each<[object, string]>([
    [{ read: undefined }, 'read: expected a function, got nothing'],
    [{ read: 'x' }, 'read: expected a function, got "x"'],
    [{ recognizes: null }, 'recognizes: expected a function, got null'],
    [{ tell: {} }, 'tell: expected a function, got object'],
    [{ sameMessage: 7 }, 'sameMessage: expected a function, got number'],
    [{ handshake: true }, 'handshake: expected a function, got boolean'],
    [{ title: '' }, 'title: expected text, got empty text'],
  ])('%j', (parts, why) => {
    expect(complaint(parts)).toBe(why)
  })

  test('a slip in the name of a part', () => {
    expect(complaint({ orgin: [] })).toMatch(
      /^"orgin" is no part of a declaration; there are name, .*origin/,
    )
    expect(complaint({ habits: { neverRetryed: [] } })).toMatch(
      /^"neverRetryed" is no part of habits; there are reportsBoth, .*neverRetried/,
    )
    expect(complaint({ receives: { method: ['GET'] } })).toMatch(/^"method" is no part of receives/)
    expect(complaint({ delivery: { order: true } })).toMatch(/^"order" is no part of delivery/)
    expect(complaint({ answer: { code: 204 } })).toMatch(/^"code" is no part of answer/)
    expect(complaint({ ['x'.repeat(100)]: 1 })).toMatch(/^"x{60}…" is no part/)
  })

  test.each<[unknown, string]>([
    [undefined, 'statuses: expected an object of its words and what they mean, got nothing'],
    [[], 'statuses: expected an object of its words and what they mean, got array'],
    [{}, 'statuses: expected an object of its words and what they mean, got object'],
    [{ A: 'ringing' }, '"A" leads to nothing, which is not one of the 16 statuses'],
    [{ A: null }, '"A" leads to nothing, which is not one of the 16 statuses'],
    [{ A: { status: 'Ringing' } }, '"A" leads to "Ringing", which is not one of the 16 statuses'],
    [
      { A: { status: 'cancelled' } },
      '"A" leads to "cancelled", which is not one of the 16 statuses',
    ],
    [{ A: { status: 'toString' } }, '"A" leads to "toString", which is not one of the 16 statuses'],
    [{ A: { status: Symbol('x') } }, '"A" leads to symbol, which is not one of the 16 statuses'],
    [
      { A: { status: Object.create(null) } },
      '"A" leads to object, which is not one of the 16 statuses',
    ],
    [{ A: { status: 'busy', loss: 7 } }, 'statuses.A.loss: expected text, got number'],
    [
      { A: { status: 'busy', lost: '' } },
      '"lost" is no part of statuses.A; there are status, loss',
    ],
    [
      { '': { status: 'busy' } },
      'a word of statuses: expected a status word of 1 to 128 characters',
    ],
  ])('the statuses %j', (statuses, why) => {
    expect(complaint({ statuses })).toBe(why)
  })

  test.each<[object, string]>([
    [{ lacks: {} }, 'lacks: expected a list, got object'],
    [{ lacks: ['warp'] }, 'lacks.0: expected one of the 16 statuses, got "warp"'],
    [{ lacks: ['busy', 'completed'] }, '"DONE" leads to completed, which it is said to lack'],
    [
      {
        statuses: { DIALING: { status: 'initiated' } },
      },
      'it has no word for any end: no call would be over',
    ],
    [{ kinds: [] }, 'kinds: expected an object, got array'],
    [{ kinds: { note: 'keep' } }, 'kinds.note: expected "data" or "skip", got "keep"'],
    [{ kinds: { DONE: 'data' } }, '"DONE" is a status word and one of its kinds, too'],
  ])('%j', (parts, why) => {
    expect(complaint(parts)).toBe(why)
  })

  const stated = { mark: 'stated', source: 'https://acme.example/docs' }

  test.each<[unknown, string]>([
    [{}, 'moves: expected a list, got object'],
    [['a'], 'moves.0: expected an object, got "a"'],
    [
      [{ from: 'a', to: 'busy', ...stated }],
      'moves.0.from: expected one of the 16 statuses, got "a"',
    ],
    [
      [{ from: 'initiated', to: 'completed' }],
      'moves.0.mark: expected "stated" or "observed" or "inferred", got nothing',
    ],
    [
      [{ from: 'initiated', to: 'completed', mark: 'stated' }],
      'moves.0.source: expected text, got nothing',
    ],
    [
      [{ from: 'initiated', to: 'completed', mark: 'stated', source: null }],
      'its move from initiated to completed is stated, but has no source',
    ],
    [
      [{ from: 'initiated', to: 'busy', ...stated }],
      'its move from initiated to busy names a status that it lacks',
    ],
    [
      [{ from: 'completed', to: 'initiated', ...stated }],
      'its move from completed to initiated comes back or leaves an end; say such a pair in habits.reportsBoth',
    ],
  ])('the moves %j', (moves, why) => {
    expect(complaint({ moves })).toBe(why)
  })

  test.each<[unknown, string]>([
    ['POST', 'receives: expected an object, got "POST"'],
    [{ methods: 'POST' }, 'receives.methods: expected a list of at least 1, got "POST"'],
    [{ methods: [] }, 'receives.methods: expected a list of at least 1, got array'],
    [{ methods: ['post'] }, 'receives.methods.0: expected a method in capitals, got "post"'],
    [
      { bodies: ['xml'] },
      'receives.bodies.0: expected "json", "form", "multipart", "query" or a decoder of its own, got "xml"',
    ],
    [
      { bodies: [{ types: ['text/plain'] }] },
      'receives.bodies.0.decode: expected a function, got nothing',
    ],
    [
      { bodies: [{ types: [], decode: record }] },
      'receives.bodies.0.types: expected a list of at least 1, got array',
    ],
    [
      { bodies: [{ types: ['Text/Plain; charset=utf-8'], decode: record }] },
      'receives.bodies.0.types.0: expected a content type in lower case, without parameters, got "Text/Plain; charset=utf-8"',
    ],
    [
      { methods: ['POST', 'GET'], bodies: ['form'] },
      'receives.methods has "GET", so receives.bodies needs "query", where its parameters stand',
    ],
  ])('what it receives, %j', (receives, why) => {
    expect(complaint({ receives })).toBe(why)
  })

  const scheme = {
    name: 'token',
    title: 'a token',
    key: 'the token',
    header: null,
    checkHead: record,
  }

  test.each<[unknown, string]>([
    [{}, 'origin: expected a list, got object'],
    [[null], 'origin.0: expected an object, got null'],
    [[{ ...scheme, name: '' }], 'origin.0.name: expected text, got empty text'],
    [[{ ...scheme, key: undefined }], 'origin.0.key: expected text, got nothing'],
    [
      [{ ...scheme, header: 'X-Token' }],
      'origin.0.header: expected the name of a header in lower case, got "X-Token"',
    ],
    [[{ ...scheme, checkHead: undefined }], 'origin.0.checkHead: expected a function, got nothing'],
    [[{ ...scheme, sign: {} }], 'origin.0.sign: expected a function, got object'],
    [[scheme, scheme], 'two schemes of origin have the name "token"'],
  ])('the schemes of origin %j', (origin, why) => {
    expect(complaint({ origin })).toBe(why)
  })

  test.each<[object, string]>([
    [{ ordered: 'no' }, 'delivery.ordered: expected true or false, got "no"'],
    [{ retryDelaysMs: [-1] }, 'delivery.retryDelaysMs.0: expected milliseconds, got number'],
    [{ eventIdField: 7 }, 'delivery.eventIdField: expected text, got number'],
    [{ sourceAddresses: null }, 'delivery.sourceAddresses: expected a list, got null'],
    [{ sources: [''] }, 'delivery.sources.0: expected text, got empty text'],
  ])('how it delivers, %j', (delivery, why) => {
    expect(complaint({ delivery })).toBe(why)
  })

  const policy = { maxAttempts: 2, retryOn: [], retryOnVoicemail: false, delaysMs: [] }

  test.each<[object, string]>([
    [
      { reportsBoth: [['initiated']] },
      'habits.reportsBoth.0: expected a pair of statuses, got array',
    ],
    [
      { reportsBoth: [['initiated', 'x']] },
      'habits.reportsBoth.0.1: expected one of the 16 statuses, got "x"',
    ],
    [{ reportsBoth: [['completed', 'busy']] }, 'habits.reportsBoth names busy, which it lacks'],
    [
      { budgetsMs: { completed: 1 } },
      'a key of habits.budgetsMs: expected a status that ends no attempt, or "retry", got "completed"',
    ],
    [{ budgetsMs: { ringing: '5m' } }, 'habits.budgetsMs.ringing: expected milliseconds, got "5m"'],
    [
      { neverRetried: ['ringing'] },
      'habits.neverRetried.0: expected a status that ends an attempt, got "ringing"',
    ],
    [
      { retryPolicy: { ...policy, maxAttempts: 0 } },
      'habits.retryPolicy.maxAttempts: expected a whole number of at least 1, got number',
    ],
    [
      { retryPolicy: { ...policy, delaysMs: 5 } },
      'habits.retryPolicy.delaysMs: expected a list, got number',
    ],
    [
      { retryPolicy: { ...policy, retryOn: ['failed'] }, neverRetried: ['failed'] },
      'habits.neverRetried names failed, which habits.retryPolicy retries',
    ],
    [
      { final: { ringing: { final: [], expected: [] } } },
      'a key of habits.final: expected a status that ends an attempt, got "ringing"',
    ],
    [{ final: { completed: ['cost'] } }, 'habits.final.completed: expected an object, got array'],
    [{ final: { busy: { final: [], expected: [] } } }, 'habits.final names busy, which it lacks'],
    [
      { final: { completed: { final: ['durationMs'], expected: ['voicemail'] } } },
      'habits.final.completed expects "voicemail", which is not final',
    ],
    [
      { final: { completed: { final: [], expected: [], expectedIfConnected: ['reason'] } } },
      'habits.final.completed expects "reason", which is not final',
    ],
    [
      { final: { completed: { final: ['total_cost'], expected: [] } } },
      `habits.final.completed.final.0: expected one of ${FIELDS}, got "total_cost"; did you mean "cost"?`,
    ],
    [
      { final: { completed: { final: [], expected: [], expectedIfConnected: ['Duration'] } } },
      `habits.final.completed.expectedIfConnected.0: expected one of ${FIELDS}, got "Duration"; did you mean "durationMs"?`,
    ],
    [
      { final: { completed: { final: [], expected: ['sum'] } } },
      `habits.final.completed.expected.0: expected one of ${FIELDS}, got "sum"`,
    ],
    [
      { final: { completed: { final: ['toString'], expected: [] } } },
      `habits.final.completed.final.0: expected one of ${FIELDS}, got "toString"`,
    ],
    [
      { final: { completed: { final: [7], expected: [] } } },
      `habits.final.completed.final.0: expected one of ${FIELDS}, got number`,
    ],
    [
      { final: { completed: { final: [] } } },
      'habits.final.completed.expected: expected a list, got nothing',
    ],
    [
      { final: { completed: { final: [], expected: [], wanted: [] } } },
      '"wanted" is no part of habits.final.completed; there are final, expected, expectedIfConnected',
    ],
    [
      { final: { completed: { final: ['cost'], expected: [] } } },
      'habits.final.completed names "cost", but finalData does not say where it stands',
    ],
    [
      {
        final: {
          completed: { final: ['reason'], expected: [], expectedIfConnected: ['reason'] },
        },
      },
      'habits.final.completed.expectedIfConnected is never heard of: it lacks in-progress and call-disconnected',
    ],
    [{ dataBudgetMs: '15m' }, 'habits.dataBudgetMs: expected milliseconds, got "15m"'],
    [{ dataBudgetMs: -1 }, 'habits.dataBudgetMs: expected milliseconds, got number'],
  ])('its habits, %j', (habits, why) => {
    expect(complaint({ habits })).toBe(why)
  })

  test.each<[unknown, string]>([
    [[], 'finalData: expected an object, got array'],
    [{ cost: '/price' }, 'finalData.cost: expected a function, got "/price"'],
    [
      { recordings: ['/r'] },
      '"recordings" is no part of finalData; there are cost, recording, transcript, extraction',
    ],
    [{ recording: '/r' }, 'finalData.recording: expected a list of at least 1, got "/r"'],
    [{ recording: [] }, 'finalData.recording: expected a list of at least 1, got array'],
    [
      { recording: ['call.recording_url'] },
      'finalData.recording.0: expected a JSON pointer such as "/call/recording_url", got "call.recording_url"',
    ],
    [
      { transcript: ['/a', '/b~2'] },
      'finalData.transcript.1: expected a JSON pointer such as "/call/recording_url", got "/b~2"',
    ],
    [{ extraction: ['/a'] }, 'finalData.extraction is final at no end of habits.final'],
  ])('where final data stand, %j', (finalData, why) => {
    expect(complaint({ finalData })).toBe(why)
  })

  const ask = {
    baseUrl: 'https://api.acme.example',
    auth: 'bearer',
    perMinute: null,
    record,
    sources: [],
  }
  const list = { maxRangeMs: null, request: record, readPage: record }

  test.each<[unknown, string]>([
    [record, 'ask: expected an object, got function'],
    [
      { ...ask, baseUrl: 'api.acme.example' },
      'ask.baseUrl: expected an address that begins with https:// or http://, got "api.acme.example"',
    ],
    [
      { ...ask, auth: 'digest' },
      'ask.auth: expected "bearer", "basic", "none", { header } or a function, got "digest"',
    ],
    [
      { ...ask, auth: { header: 'X Y' } },
      'ask.auth.header: expected the name of a header in lower case, got "X Y"',
    ],
    [{ ...ask, perMinute: 0 }, 'ask.perMinute: expected a number of requests, got number'],
    [{ ...ask, perMinute: undefined }, 'ask.perMinute: expected a number of requests, got nothing'],
    [{ ...ask, record: undefined }, 'ask.record: expected a function, got nothing'],
    [{ ...ask, list: record }, 'ask.list: expected an object, got function'],
    [
      { ...ask, list: { ...list, readPage: 1 } },
      'ask.list.readPage: expected a function, got number',
    ],
    [{ ...ask, list: { ...list, scope: '' } }, 'ask.list.scope: expected text, got empty text'],
    [{ ...ask, sources: 'x' }, 'ask.sources: expected a list, got "x"'],
  ])('how it is asked, %#', (asked, why) => {
    expect(complaint({ ask: asked })).toBe(why)
  })

  test.each<[unknown, string]>([
    ['ok', 'answer: expected an object, got "ok"'],
    [{ status: '200' }, 'answer.status: expected an HTTP status, got "200"'],
    [{ status: 200, headers: { a: 1 } }, 'answer.headers.a: expected text, got number'],
    [{ status: 200, body: {} }, 'answer.body: expected text, got object'],
  ])('what it wants back, %j', (answer, why) => {
    expect(complaint({ answer })).toBe(why)
  })
})
