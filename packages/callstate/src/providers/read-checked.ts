import { isCallStatus } from '../status.ts'
import { kindOf } from './issues.ts'
import {
  type DataMessage,
  isMessageKind,
  type Message,
  type ParseIssue,
  type ProviderEvent,
  type Reading,
  type Refused,
} from './message.ts'
import type { Provider } from './provider.ts'

/** An answer of `read` that is none: the provider is to be mended, whatever the message was. */
export interface BrokenReading extends Refused {
  readonly broken: true
  /** What `read` threw, where it threw. */
  readonly cause?: unknown
}

/** What a provider read, or that its `read` is broken: `'broken' in reading` tells the two apart. */
export type CheckedReading = Reading | BrokenReading

/**
 * Has a provider read a message and checks the answer, since a provider may be anybody's code: what
 * throws, or answers anything that the types do not allow, is `broken`, with an issue that names the
 * provider and the part of its answer by `path`. An identifier that is no well-formed text is the
 * message's fault: it is refused. A good answer is given back as it is. Never throws.
 *
 * @example
 * const reading = readChecked(acme, message)
 * if ('broken' in reading) reading.issues[0]?.message
 * // "Acme's read: events[0].callId: expected text, got number. Mend the provider."
 */
export function readChecked(provider: Provider, message: Message): CheckedReading {
  try {
    const reading = provider.read(message)
    const fault = faultIn(reading, provider)
    if (fault === null) return reading
    return 'message' in fault ? { ok: false, issues: [fault] } : broken(provider, fault)
  } catch (cause) {
    const threw = { path: [], expected: 'an answer', received: 'an exception' }
    return { ...broken(provider, threw), cause }
  }
}

/** What is wrong with an answer: the provider's fault, or with a message of its own the message's. */
type Fault = Omit<ParseIssue, 'message'> | ParseIssue

/** Where in the answer a part stands: the place of its event, or null where it is the data. */
type Place = number | null

// The order of the checks is the order of the parts; a good answer builds nothing.
function faultIn(reading: Reading, { kinds }: Provider): Fault | null {
  if (typeof reading !== 'object' || reading === null) return fault([], 'an answer', reading)
  if (reading.ok === false) return faultOfIssues(reading.issues)
  if (reading.ok !== true) {
    const isPromise = typeof Reflect.get(reading, 'then') === 'function'
    if (isPromise) return { path: [], expected: 'an answer at once', received: 'a promise' }
    return fault(['ok'], 'true or false', Reflect.get(reading, 'ok'))
  }
  switch (reading.type) {
    case 'events':
      return faultOfEvents(reading.events, reading.needsAnswer)
    case 'data':
      if (typeof reading.data !== 'object' || reading.data === null) {
        return fault(['data'], 'an object', reading.data)
      }
      return (
        faultOfKind(['data', 'word'], reading.data.word, 'data', kinds) ??
        faultOfPlace(reading.data, null)
      )
    case 'skip':
      return faultOfKind(['word'], reading.word, 'skip', kinds)
    default:
      return fault(['type'], '"events", "data" or "skip"', Reflect.get(reading, 'type'))
  }
}

function faultOfEvents(events: readonly ProviderEvent[], needsAnswer: unknown): Fault | null {
  if (!Array.isArray(events)) return fault(['events'], 'a list of at least one event', events)
  if (events.length === 0) {
    return { path: ['events'], expected: 'a list of at least one event', received: 'an empty one' }
  }
  for (let place = 0; place < events.length; place++) {
    const wrong = faultOfEvent(events[place], place)
    if (wrong !== null) return wrong
  }
  if (needsAnswer === undefined || typeof needsAnswer === 'boolean') return null
  return fault(['needsAnswer'], 'true or false', needsAnswer)
}

function faultOfEvent(event: ProviderEvent | undefined, place: number): Fault | null {
  if (typeof event !== 'object' || event === null) {
    return fault(['events', place], 'an object', event)
  }
  const { status, word, details, earlier } = event
  if (status !== null && !isCallStatus(status)) {
    return fault(['events', place, 'status'], 'a status of the table or null', status)
  }
  if (typeof word !== 'string' || word === '') {
    return fault(['events', place, 'word'], "the provider's own word", word)
  }
  if (details !== undefined && (typeof details !== 'object' || details === null)) {
    return fault(['events', place, 'details'], 'an object', details)
  }
  return (
    faultOfPlace(event, place) ??
    (earlier === undefined ? null : faultOfEarlier(['events', place, 'earlier'], earlier))
  )
}

function faultOfEarlier(path: ParseIssue['path'], earlier: ProviderEvent['earlier']): Fault | null {
  if (!Array.isArray(earlier)) return fault(path, 'a list', earlier)
  for (const [place, one] of earlier.entries()) {
    const where = [...path, place]
    if (typeof one !== 'object' || one === null) return fault(where, 'an object', one)
    const { attempt, status, word, occurredAt = null } = one
    if (!isAttempt(attempt)) return fault([...where, 'attempt'], ATTEMPT, attempt)
    if (!isCallStatus(status) && (typeof word !== 'string' || word === '')) {
      return fault([...where, 'status'], 'a status of the table, or null and a word', status)
    }
    if (!isTime(occurredAt)) return fault([...where, 'occurredAt'], TIME, occurredAt)
  }
  return null
}

const ATTEMPT = 'a whole number from 1 on'
const TIME = 'finite milliseconds or null'

/** What is wrong with where and when something was said. */
function faultOfPlace(said: ProviderEvent | DataMessage, place: Place): Fault | null {
  const { callId, kind, attempt = null, occurredAt = null, eventId, sequence } = said
  if (typeof callId !== 'string' || callId === '') return faultAt(place, 'callId', 'text', callId)
  if (HALF_OF_A_PAIR.test(callId)) return badIdentifier(place)
  if (!isMessageKind(kind)) return faultAt(place, 'kind', 'a kind of message', kind)
  if (attempt !== null && !isAttempt(attempt)) {
    return faultAt(place, 'attempt', `${ATTEMPT}, or null`, attempt)
  }
  if (!isTime(occurredAt)) return faultAt(place, 'occurredAt', TIME, occurredAt)
  if (eventId !== undefined && (typeof eventId !== 'string' || eventId === '')) {
    return faultAt(place, 'eventId', 'text, or left out', eventId)
  }
  if (sequence !== undefined && !Number.isSafeInteger(sequence)) {
    return faultAt(place, 'sequence', 'a whole number, or left out', sequence)
  }
  return null
}

const HALF_OF_A_PAIR = /\p{Surrogate}/u

function faultOfKind(
  path: ParseIssue['path'],
  word: string,
  what: 'data' | 'skip',
  kinds: Provider['kinds'],
): Fault | null {
  const isDeclared = typeof word === 'string' && Object.hasOwn(kinds, word) && kinds[word] === what
  if (isDeclared) return null
  const expected = `a word that its kinds declare as "${what}"`
  const received = typeof word === 'string' ? 'another one' : kindOf(word)
  return { path, expected, received }
}

function faultOfIssues(issues: readonly ParseIssue[]): Fault | null {
  if (!Array.isArray(issues)) return fault(['issues'], 'a list of at least one issue', issues)
  if (issues.length === 0) {
    return { path: ['issues'], expected: 'a list of at least one issue', received: 'an empty one' }
  }
  for (const [place, one] of issues.entries()) {
    if (typeof one !== 'object' || one === null) return fault(['issues', place], 'an object', one)
    if (!Array.isArray(one.path)) return fault(['issues', place, 'path'], 'a list', one.path)
    for (const key of ['expected', 'received', 'message'] as const) {
      if (typeof one[key] !== 'string') return fault(['issues', place, key], 'text', one[key])
    }
  }
  return null
}

function isAttempt(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1
}

function isTime(value: unknown): boolean {
  return value === null || Number.isFinite(value)
}

function faultAt(place: Place, key: string, expected: string, value: unknown): Fault {
  return fault(place === null ? ['data', key] : ['events', place, key], expected, value)
}

function fault(path: ParseIssue['path'], expected: string, value: unknown): Fault {
  const isNoNumber = typeof value === 'number' && !Number.isFinite(value)
  const isOther = typeof value === 'string' && value !== ''
  const received = isNoNumber ? `${value}` : isOther ? 'other text' : kindOf(value)
  return { path, expected, received }
}

function badIdentifier(place: Place): ParseIssue {
  const expected = 'well-formed text'
  const message = `The identifier of the call: expected ${expected}, got other text. Pass the message as the provider sent it.`
  return { path: place === null ? [] : [place], expected, received: 'other text', message }
}

function broken({ title }: Provider, { path, expected, received }: Fault): BrokenReading {
  const where = path
    .map((key, depth) => (typeof key === 'number' ? `[${key}]` : depth === 0 ? key : `.${key}`))
    .join('')
  const message = `${title}'s read: ${where}${where && ': '}expected ${expected}, got ${received}. Mend the provider.`
  return { ok: false, broken: true, issues: [{ path, expected, received, message }] }
}
