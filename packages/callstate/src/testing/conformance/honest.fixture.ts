import { createHmac } from 'node:crypto'
import type { CallStatus } from '../../index.ts'
import {
  type Delivery,
  defineProvider,
  type Message,
  type OriginScheme,
  type Provider,
  type Reading,
} from '../../providers/index.ts'
import type { ProviderSamples, SampleMessage } from '../index.ts'

const LETTERS: Readonly<Record<string, CallStatus>> = {
  WAIT: 'queued',
  LATER: 'rescheduled',
  DIAL: 'initiated',
  TALK: 'in-progress',
  DONE: 'completed',
  BUSY: 'busy',
}

/** A small provider that keeps every rule, and has something of everything. */
export const acme: Provider = defineProvider({
  name: 'acme',
  title: 'Acme',
  statuses: Object.fromEntries(
    Object.entries(LETTERS).map(([word, status]) => [word, { status, loss: null }]),
  ),
  moves: [
    { from: 'queued', to: 'initiated', mark: 'stated', source: 'https://acme.example/calls' },
    { from: 'initiated', to: 'in-progress', mark: 'inferred', source: null },
  ],
  kinds: { note: 'data', ping: 'skip' },
  delivery: {
    retryDelaysMs: [1000, 5000],
    eventTimeField: 'at',
    sources: ['https://acme.example/webhooks'],
  },
  receives: {
    bodies: [
      'json',
      {
        types: ['text/x-acme'],
        decode: ({ rawBody }) => decodeLines(new TextDecoder().decode(rawBody)),
      },
    ],
  },
  origin: [signature()],
  habits: {
    final: {
      completed: { final: ['cost', 'durationMs', 'recording'], expected: ['cost'] },
      busy: { final: ['cost'], expected: [], expectedIfConnected: ['cost'] },
    },
  },
  finalData: {
    cost: (body) => {
      const price = isRecord(body) ? Number(body['price'] || Number.NaN) : Number.NaN
      return Number.isFinite(price) ? { amount: price, currency: 'EUR', unit: null } : null
    },
    recording: ['/files/0', '/file'],
  },
  ask: {
    baseUrl: 'https://api.acme.example/v1',
    auth: 'bearer',
    perMinute: null,
    record: ({ callId }) => {
      const isName = !/\p{Surrogate}/u.test(callId) && !/^\.*$/.test(callId)
      return isName ? [{ path: `/calls/${encodeURIComponent(callId)}` }] : []
    },
    list: {
      maxRangeMs: null,
      request: ({ cursor }) => ({ path: `/calls?${new URLSearchParams({ page: cursor ?? '' })}` }),
      readPage: (body) =>
        isRecord(body) && Array.isArray(body['calls'])
          ? { items: body['calls'], next: null }
          : null,
    },
    sources: ['https://acme.example/api'],
  },
  tell: ({ callId, status, attempt, occurredAt, facts }, kind) => {
    const state = Object.keys(LETTERS).find((word) => LETTERS[word] === status)
    const { cost: price, talkMs, recordingUrl } = facts
    const ends = status === 'completed' ? { price, talkMs, files: [recordingUrl] } : {}
    const body = { acmeId: callId, state, attempt, at: occurredAt, type: 'status', ...ends }
    return state === undefined
      ? []
      : [{ kind, contentType: 'application/json', body: JSON.stringify(body) }]
  },
  answer: { status: 204 },
  recognizes: (body) => isRecord(body) && 'acmeId' in body,
  read: readAcme,
  sameMessage: (body) =>
    isRecord(body)
      ? [body['acmeId'], body['state'], body['attempt'], body['at'], body['type']]
      : null,
  handshake: ({ headers }) => (headers['x-acme-hello'] === undefined ? null : { status: 200 }),
})

/** Reads a message of this provider. */
export function readAcme({ body, kind }: Message): Reading {
  if (!isRecord(body)) return refuse('', 'an object', body)
  const { acmeId, state, attempt, at, type } = body
  if (type === 'ping') return { ok: true, type: 'skip', word: type }
  if (typeof acmeId !== 'string' || acmeId === '') return refuse('acmeId', 'a text', acmeId)
  if (!Number.isSafeInteger(attempt) || Number(attempt) < 1) {
    return refuse('attempt', 'a whole number from 1 on', attempt)
  }
  if (!Number.isFinite(at)) return refuse('at', 'a number', at)
  const said = {
    provider: 'acme',
    callId: acmeId,
    kind: kind ?? 'webhook',
    attempt: Number(attempt),
    occurredAt: Number(at),
  } as const
  if (type === 'note') return { ok: true, type: 'data', data: { ...said, word: type } }
  const isKnownKind = type === undefined || type === 'status' || type === 'answer'
  const word = isKnownKind ? state : type
  if (typeof word !== 'string' || word === '') return refuse('state', 'a text', word)
  const known = isKnownKind && Object.hasOwn(LETTERS, word) ? LETTERS[word] : undefined
  const talkMs = known === 'completed' && typeof body['talkMs'] === 'number' ? body['talkMs'] : null
  const details = talkMs === null ? {} : { details: { talkMs } }
  const event = { ...said, word, status: known ?? null, ...details }
  const needsAnswer = type === 'answer' ? { needsAnswer: true } : {}
  return { ok: true, type: 'events', events: [event], ...needsAnswer }
}

/** A message that was refused, with one issue. */
export function refuse(path: string, expected: string, value: unknown): Reading & { ok: false } {
  const received = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  const message = `Expected ${expected}, got ${received}; see Acme's webhook page.`
  return { ok: false, issues: [{ path: path === '' ? [] : [path], expected, received, message }] }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `acmeId: call-1`, one field a line. */
function decodeLines(text: string) {
  const lines = text.split('\n').filter((line) => line !== '')
  const pairs = lines.map((line) => line.split(': ', 2))
  if (pairs.some((pair) => pair.length !== 2)) return refuse('', 'lines of fields', text)
  const value = Object.fromEntries(
    pairs.map(([name = '', said = '']) => [name, /^\d+$/.test(said) ? Number(said) : said]),
  )
  return { ok: true, value } as const
}

/** When the signed sample came. */
export const CAME_AT = 1_769_421_600_000
const WINDOW_MS = 300_000

/** The hex HMAC of time and body, with the time before it: `1769421600.5f0c…`. */
export function sign(rawBody: string | Uint8Array, key: string, seconds = CAME_AT / 1000): string {
  const hex = createHmac('sha256', key).update(`${seconds}.`).update(rawBody).digest('hex')
  return `${seconds}.${hex}`
}

function signature(): OriginScheme {
  const header = 'x-acme-signature'
  const wrong = { ok: false, reason: 'wrong' } as const
  const isWhole = (proof: unknown): proof is string =>
    typeof proof === 'string' && /^\d+\.[0-9a-f]{64}$/.test(proof)
  return {
    name: 'signature',
    title: 'hex HMAC-SHA256 of time and body',
    key: 'a secret',
    header,
    checkHead: ({ headers }) => {
      const proof = headers[header]
      if (proof === undefined || proof === '') return { ok: false, reason: 'missing' }
      return isWhole(proof) ? { ok: true } : wrong
    },
    checkBody: ({ headers, rawBody }, { keys, now }) => {
      const proof = headers[header]
      if (!isWhole(proof)) return wrong
      const seconds = Number.parseInt(proof, 10)
      if (!keys.some((key) => sign(rawBody, key, seconds) === proof)) return wrong
      const isOfNow = Math.abs(now - seconds * 1000) <= WINDOW_MS
      return isOfNow ? { ok: true, signedAt: seconds * 1000 } : { ok: false, reason: 'stale' }
    },
    sign: ({ rawBody }: Delivery, { key, now }) => ({
      [header]: sign(rawBody, key, Math.floor(now / 1000)),
    }),
  }
}

const rawBody = '{"acmeId":"call-1","state":"DONE","attempt":1,"at":7000}'

export const waiting: SampleMessage = {
  name: 'waiting',
  body: { acmeId: 'call-1', state: 'WAIT', attempt: 1, at: 1000, note: 'WAIT here' },
  expect: { callId: 'call-1', status: 'queued', attempt: 1, occurredAt: 1000 },
}

const others: readonly SampleMessage[] = [
  {
    name: 'talking',
    body: { acmeId: 'call-1', state: 'TALK', attempt: 1, at: 3000, type: 'status' },
    expect: { status: 'in-progress', kind: 'webhook' },
    statusAt: ['state'],
    kindAt: ['type'],
  },
  { name: 'busy', body: { acmeId: 'call-2', state: 'BUSY', attempt: 2, at: 9000 } },
  {
    name: 'completed, with its price',
    body: {
      acmeId: 'call-5',
      state: 'DONE',
      attempt: 1,
      at: 8000,
      price: 22,
      talkMs: 4200,
      files: ['https://acme.example/r/café'],
    },
    expect: { status: 'completed' },
  },
  {
    name: 'a call that waits for what to do',
    body: { acmeId: 'call-3', state: 'TALK', attempt: 1, at: 9500, type: 'answer' },
    expect: { status: 'in-progress', needsAnswer: true },
  },
  {
    name: 'a note',
    body: { acmeId: 'call-2', attempt: 2, at: 9900, type: 'note' },
    expect: { reads: 'data', word: 'note', callId: 'call-2', attempt: 2 },
  },
  { name: 'a ping', body: { acmeId: 'call-2', type: 'ping' }, expect: { reads: 'skip' } },
  {
    name: 'delivered as JSON',
    delivery: { contentType: 'application/json', body: rawBody },
    expect: { status: 'completed', kind: 'webhook' },
  },
  {
    name: 'delivered in lines',
    delivery: {
      contentType: 'text/x-acme',
      body: 'acmeId: call-4\nstate: DIAL\nattempt: 1\nat: 5\n',
    },
    expect: { callId: 'call-4', status: 'initiated', occurredAt: 5 },
  },
]

export const samples: ProviderSamples = {
  messages: [waiting, ...others],
  signed: [
    {
      delivery: {
        contentType: 'application/json',
        body: rawBody,
        headers: { 'x-acme-signature': sign(rawBody, 'fictional') },
      },
      key: 'fictional',
      now: CAME_AT,
      goodForMs: WINDOW_MS,
    },
  ],
}
