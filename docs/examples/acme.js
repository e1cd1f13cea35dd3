/**
 * Acme: a made-up carrier, declared as anybody declares a provider of their own. Plain data and functions;
 * nothing of callstate is imported.
 *
 *     callstate check --provider ./acme.js webhooks.ndjson
 *     callstate serve --provider ./acme.js --db calls.db
 *
 * Acme calls back with forms by POST, and by GET with the same fields in the query. A form may tell of
 * several events: then each field comes once for each of them. Asked for a call, it answers in JSON.
 */

const WEBHOOKS = 'https://acme.example/docs/webhooks'
const CALLS = 'https://acme.example/docs/calls'

/** Acme's words for the status of a call. */
const STATUSES = {
  QUEUED: { status: 'queued' },
  DIALING: { status: 'initiated' },
  RINGING: { status: 'ringing' },
  TALKING: { status: 'in-progress' },
  COMPLETED: { status: 'completed', loss: 'Nothing said before it that the line is down.' },
  BUSY: { status: 'busy' },
  UNANSWERED: { status: 'no-answer', loss: 'Whether it rang out or was declined.' },
  CANCELED: { status: 'canceled' },
  FAILED: { status: 'failed' },
}

const stated = (from, to) => ({ from, to, mark: 'stated', source: CALLS })
const observed = (from, to) => ({ from, to, mark: 'observed', source: CALLS })

/** The moves that Acme's page draws. The last two no other provider has. */
const MOVES = [
  observed('queued', 'initiated'),
  observed('initiated', 'ringing'),
  observed('ringing', 'in-progress'),
  observed('in-progress', 'completed'),
  stated('queued', 'canceled'),
  stated('ringing', 'busy'),
  stated('ringing', 'no-answer'),
  stated('initiated', 'failed'),
  stated('ringing', 'completed'),
  stated('in-progress', 'canceled'),
]

/** What stands in its last form in every message of an end. */
const ENDED = ['cost', 'recording', 'hangupBy', 'voicemail']

export default {
  name: 'acme',
  title: 'Acme Calls',
  statuses: STATUSES,
  lacks: [
    'scheduled',
    'prepared',
    'rescheduled',
    'call-disconnected',
    'balance-low',
    'stopped',
    'error',
  ],
  moves: MOVES,
  kinds: { recording: 'data', transcript: 'skip' },
  delivery: {
    ordered: false,
    repeats: true,
    retryDelaysMs: [1_000, 10_000, 60_000],
    eventIdField: 'EventId',
    sequenceField: 'Seq',
    eventTimeField: 'At',
    sourceAddresses: ['192.0.2.10', '192.0.2.11'],
    sources: [WEBHOOKS],
  },
  receives: { methods: ['POST', 'GET'], bodies: ['form', 'query'] },
  origin: [
    {
      name: 'signature',
      title: 'HMAC-SHA256 of time, address and sorted fields',
      key: 'the token of the account',
      header: 'x-acme-signature',
      checkHead,
      checkBody,
      sign,
    },
  ],
  habits: {
    budgetsMs: { ringing: 90_000 },
    /** A line that is busy or rings out is tried once more. */
    retryPolicy: {
      maxAttempts: 2,
      retryOn: ['busy', 'no-answer'],
      retryOnVoicemail: false,
      delaysMs: [300_000],
    },
    neverRetried: ['canceled'],
    /**
     * Acme's page: a call that was completed has its duration and its price, and one that was answered and
     * broke off has a price. A recording comes later, in a message of its own, where one was made. How
     * long its data may take is stated: ten minutes.
     */
    final: {
      completed: { final: [...ENDED, 'durationMs'], expected: ['durationMs', 'cost'] },
      canceled: { final: ENDED, expected: [], expectedIfConnected: ['cost'] },
      failed: { final: ENDED, expected: [], expectedIfConnected: ['cost'] },
      busy: { final: ENDED, expected: [] },
      'no-answer': { final: ENDED, expected: [] },
    },
    dataBudgetMs: 600_000,
  },
  finalData: { cost, recording: ['/RecordingUrl'] },
  ask: {
    baseUrl: 'https://api.acme.example',
    auth: 'basic',
    perMinute: 600,
    record: recordRequests,
    list: { maxRangeMs: 30 * 86_400_000, request: listRequest, readPage },
    sources: [CALLS],
  },
  tell,
  answer: { status: 204 },
  recognizes,
  read,
  sameMessage,
}

// Reading

const MAX_TEXT_LENGTH = 128
const MAX_EVENTS = 100

function recognizes(body) {
  if (!isObject(body)) return false
  const [callId] = listOf(body.CallId)
  if (wordOf(callId) === null) return false
  return body.Kind === undefined ? isCapitals(body.Status) : wordOf(body.Kind) !== null
}

function read({ body, kind }) {
  if (!isObject(body)) return refused([], 'an object of its fields', body)
  // A record is no webhook: it has no kind of its own, and is about one call.
  if (body.Kind === undefined) return readRows(body, kind ?? 'record', null)
  const word = wordOf(body.Kind)
  if (word === null) return refused(['Kind'], 'a word', body.Kind)
  if (word === 'transcript') return { ok: true, type: 'skip', word }
  return readRows(body, kind ?? 'webhook', word)
}

function readRows(body, kind, word) {
  const callIds = listOf(body.CallId)
  if (callIds.length === 0 || callIds.length > MAX_EVENTS) {
    return refused(['CallId'], `1 to ${MAX_EVENTS} identifiers`, body.CallId)
  }
  const events = []
  const parts = []
  for (const place of callIds.keys()) {
    const row = rowAt(body, place, callIds.length)
    const callId = textOf(row.CallId)
    if (wordOf(callId) === null) return refused(['CallId'], 'an identifier', row.CallId)
    const said = { provider: 'acme', callId, kind, ...dated(row) }
    if (word === 'recording') return { ok: true, type: 'data', data: { ...said, word } }
    const tellsStatus = word === null || word === 'status' || word === 'answer'
    const status = tellsStatus ? wordOf(row.Status) : word
    if (status === null) return refused(['Status'], 'a status word', row.Status)
    events.push({ ...said, ...meaningOf(tellsStatus, status), details: detailsOf(status, row) })
    parts.push(partAt(body, place, callIds.length))
  }
  const answered = word === 'answer' ? { needsAnswer: true } : {}
  // What stands for one call alone is kept with that call alone, and goes with it.
  const several = events.length > 1 ? { parts } : {}
  return { ok: true, type: 'events', events, ...several, ...answered }
}

/** All fields of one event among several, also those that are not read: its part of the form. */
function partAt(body, place, count) {
  const ofOne = (value) => (Array.isArray(value) && value.length === count ? value[place] : value)
  return Object.fromEntries(Object.entries(body).map(([field, value]) => [field, ofOne(value)]))
}

/** The fields of one event among several: a field that does not come for each of them is not said. */
function rowAt(body, place, count) {
  const row = {}
  for (const field of FIELDS) {
    const values = listOf(body[field])
    row[field] = values.length === count ? values[place] : undefined
  }
  return row
}

const FIELDS = [
  'CallId',
  'Status',
  'Try',
  'At',
  'EventId',
  'Seq',
  'Duration',
  'AnsweredBy',
  'HangupBy',
]

function dated(row) {
  const attempt = wholeNumberOf(row.Try)
  const eventId = wordOf(row.EventId)
  const sequence = wholeNumberOf(row.Seq)
  return {
    attempt: attempt === 0 ? null : attempt,
    occurredAt: wholeNumberOf(row.At),
    ...(eventId === null ? {} : { eventId }),
    ...(sequence === null ? {} : { sequence }),
  }
}

/** What a word means; a kind of message that is not known means no status. */
function meaningOf(tellsStatus, word) {
  const isKnown = tellsStatus && Object.hasOwn(STATUSES, word)
  return { status: isKnown ? STATUSES[word].status : null, word }
}

const PARTIES = { CALLER: 'caller', CALLEE: 'callee', API: 'api' }

function detailsOf(word, row) {
  const seconds = /^\d{1,6}(\.\d{1,3})?$/.test(textOf(row.Duration)) ? Number(row.Duration) : null
  const party = textOf(row.HangupBy)
  return {
    word,
    ...(word === 'COMPLETED' && seconds !== null ? { talkMs: Math.round(seconds * 1000) } : {}),
    ...(row.AnsweredBy === 'MACHINE' ? { voicemail: true } : {}),
    ...(row.AnsweredBy === 'PERSON' ? { voicemail: false } : {}),
    ...(Object.hasOwn(PARTIES, party) ? { hangupBy: PARTIES[party] } : {}),
  }
}

/** US dollars; text in a form, a number in a record. What is no price is null, never 0. */
function cost(body) {
  const price = isObject(body) ? textOf(body.Price) : ''
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(price)) return null
  return { amount: Number(price), currency: 'USD', unit: null }
}

/** Two deliveries of one message may have their fields in another order. */
function sameMessage(body) {
  if (!isObject(body) || body.Kind === undefined || body.EventId === undefined) return null
  return [body.Kind, ...listOf(body.EventId)]
}

function refused(path, expected, value) {
  const received = Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value
  const where = path.join('.') || 'the message'
  const message = `Acme: expected ${where} to be ${expected}, got ${received}; see ${WEBHOOKS}.`
  return { ok: false, issues: [{ path, expected, received, message }] }
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCapitals(value) {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && /^[A-Z]+$/.test(value)
}

function listOf(value) {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

/** The fields of a form are text; in JSON some of them are numbers. */
function textOf(value) {
  if (typeof value === 'string') return value
  return Number.isFinite(value) ? String(value) : ''
}

/** A name or a word, neither empty nor too long; null for everything else. */
function wordOf(value) {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH ? value : null
}

function wholeNumberOf(value) {
  return /^\d{1,15}$/.test(textOf(value)) ? Number(value) : null
}

// Where deliveries come from

const WINDOW_MS = 300_000

function checkHead({ headers }) {
  const header = headers['x-acme-signature']
  if (header === undefined || header === '') return { ok: false, reason: 'missing' }
  return signatureIn(header) === null ? { ok: false, reason: 'wrong' } : { ok: true }
}

async function checkBody(delivery, { keys, now }) {
  const signature = signatureIn(delivery.headers['x-acme-signature'])
  if (signature === null) return { ok: false, reason: 'wrong' }
  const { signedAt, bytes } = signature
  const text = signedText(delivery, signedAt)
  for (const key of keys) {
    if (await crypto.subtle.verify('HMAC', await keyOf(key), bytes, text)) {
      const isOfNow = Math.abs(now - signedAt) <= WINDOW_MS
      return isOfNow ? { ok: true, signedAt } : { ok: false, reason: 'stale' }
    }
  }
  return { ok: false, reason: 'wrong' }
}

async function sign(delivery, { key, now }) {
  const signedAt = Math.floor(now / 1000) * 1000
  const mac = await crypto.subtle.sign('HMAC', await keyOf(key), signedText(delivery, signedAt))
  const hex = [...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { 'x-acme-signature': `t=${signedAt / 1000},v=${hex}` }
}

/** `t=1769421600,v=5f0c…`: seconds, and the lower-case hex of 32 bytes. */
function signatureIn(header) {
  const found = typeof header === 'string' && /^t=(\d{1,12}),v=([0-9a-f]{64})$/.exec(header)
  if (!found) return null
  const bytes = Uint8Array.from(found[2].match(/../g), (pair) => Number.parseInt(pair, 16))
  return { signedAt: Number(found[1]) * 1000, bytes }
}

function signedText({ method, url, rawBody }, signedAt) {
  const fields = new URLSearchParams(new TextDecoder().decode(rawBody))
  fields.sort()
  return new TextEncoder().encode(`${signedAt / 1000}\n${method} ${url}\n${fields}`)
}

function keyOf(key) {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const bytes = new TextEncoder().encode(key)
  return crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign', 'verify'])
}

// Asking

function callsOf(account) {
  return `/v1/accounts/${encodeURIComponent(account ?? '-')}/calls`
}

/** What is no identifier of Acme's could lead to another place of its API. */
function recordRequests({ callId, account }) {
  return /^[\w-]+$/.test(callId) ? [{ path: `${callsOf(account)}/${callId}` }] : []
}

function listRequest({ from, to, cursor, account }) {
  const query = new URLSearchParams()
  if (from !== null) query.set('From', String(from))
  if (to !== null) query.set('To', String(to))
  if (cursor !== null) query.set('Page', cursor)
  return { path: `${callsOf(account)}?${query}` }
}

function readPage(body) {
  if (!isObject(body) || !Array.isArray(body.Calls)) return null
  return { items: body.Calls, next: wordOf(body.NextPage) }
}

// Telling

function tell(moment, kind) {
  const word = wordFor(moment.status)
  if (word === undefined) return []
  if (kind === 'webhook') return tellWebhooks(moment)
  if (kind === 'call-reply' && word !== 'QUEUED' && word !== 'DIALING') return []
  if (kind === 'stop-reply' && word !== 'CANCELED') return []
  return [{ kind, contentType: 'application/json', body: JSON.stringify(recordOf(moment, kind)) }]
}

function wordFor(status) {
  return Object.keys(STATUSES).find((word) => STATUSES[word].status === status)
}

const ENDS = ['COMPLETED', 'BUSY', 'UNANSWERED', 'CANCELED', 'FAILED']

/** What is over is told together with the step before it, a recording and a transcript by themselves. */
function tellWebhooks(moment) {
  const { attempt, status, direction, steps, facts } = moment
  const word = wordFor(status)
  const last = fieldsOf(moment, steps.length)
  if (word === 'TALKING' && direction === 'inbound') return [byGet('answer', last)]
  if (word === 'RINGING') return [byGet('status', last)]
  if (!ENDS.includes(word)) return [byPost('status', [last])]
  const before = steps.at(-2)
  const isTold = before?.attempt === attempt && wordFor(before.status) !== undefined
  const earlier = isTold ? [fieldsOf({ ...moment, ...before }, steps.length - 1)] : []
  const messages = [byPost('status', [...earlier, last])]
  if (status === 'completed' && facts.recordingUrl) {
    const extra = { EventId: `${last.EventId}-recording`, RecordingUrl: facts.recordingUrl }
    messages.push(byPost('recording', [{ ...last, ...extra }]))
  }
  if (status === 'completed' && facts.transcript) {
    const extra = { EventId: `${last.EventId}-transcript`, Text: facts.transcript }
    messages.push(byPost('transcript', [{ ...last, ...extra }]))
  }
  return messages
}

/** In a form that tells of several events every field comes for each of them, be it empty. */
function fieldsOf({ callId, attempt, status, occurredAt, direction, facts }, sequence) {
  const { from, to, talkMs, cost, voicemail, hangupBy } = facts
  const word = wordFor(status)
  const atEnd = (value) => (ENDS.includes(word) ? textOf(value) : '')
  const answeredBy = voicemail ? 'MACHINE' : 'PERSON'
  return {
    CallId: callId,
    Status: word,
    Try: String(attempt),
    At: String(occurredAt),
    EventId: `${callId}-${sequence}`,
    Seq: String(sequence),
    Direction: direction,
    From: from,
    To: to,
    Duration: atEnd(talkMs == null ? null : Math.round(talkMs) / 1000),
    Price: atEnd(cost),
    AnsweredBy: typeof voicemail === 'boolean' ? answeredBy : '',
    HangupBy: atEnd(partyFor(hangupBy)),
  }
}

function partyFor(hangupBy) {
  return Object.keys(PARTIES).find((word) => PARTIES[word] === hangupBy)
}

function byPost(kind, rows) {
  const fields = rows.flatMap((row) => Object.entries(row))
  const body = new URLSearchParams([['Kind', kind], ...fields]).toString()
  return { kind: 'webhook', contentType: 'application/x-www-form-urlencoded', body }
}

function byGet(kind, row) {
  return { kind: 'webhook', method: 'GET', body: '', query: { Kind: kind, ...row } }
}

/** A record has everything, a row of a list and a reply what is needed to know the call. */
function recordOf(moment, kind) {
  const { EventId: _eventId, Seq: _seq, ...fields } = fieldsOf(moment, 0)
  const { CallId, Status, Duration, Price } = fields
  const known = { CallId, Status, Try: moment.attempt, At: moment.occurredAt }
  if (kind !== 'record') return known
  return { ...fields, ...known, Duration: numberIn(Duration), Price: numberIn(Price) }
}

function numberIn(text) {
  return text === '' ? null : Number(text)
}
