import { CALL_STATUSES, TERMINAL_STATUSES } from '../lifecycle.ts'
import { leadsOn } from '../own-lifecycle.ts'
import { DEFAULTS } from '../read.ts'
import { isCallStatus } from '../status.ts'
import {
  type Check,
  expecting,
  firstWrong,
  hasParts,
  isDuration,
  isFlag,
  isFunction,
  isText,
  listOf,
  mapOf,
  oneOf,
  optional,
  orNull,
  partsOf,
  shown,
} from './declaration-check.ts'
import { isStatusWord, STATUS_EXPECTED } from './fields.ts'
import { disagreementsOnFinalData, finalByEnd, finalSources } from './final-data-check.ts'
import type { Provider, ProviderDeclaration } from './provider.ts'

// What a declaration may have wrong. People without types meet these messages.

const aStatus = expecting(`one of the ${CALL_STATUSES.length} statuses`, isCallStatus)
const anEnd = oneOf(TERMINAL_STATUSES, 'a status that ends an attempt')
const aHeader = expecting(
  'the name of a header in lower case',
  (value) => typeof value === 'string' && /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(value),
)
const texts = listOf(isText)

const statuses: Check = (value, where) => {
  const words = Object.entries(Object(value))
  if (typeof value !== 'object' || value === null || Array.isArray(value) || words.length === 0) {
    return `${where}: expected an object of its words and what they mean, got ${shown(value)}`
  }
  return firstWrong(
    words.map(([word, meaning]) => {
      if (!isStatusWord(word)) return `a word of ${where}: expected ${STATUS_EXPECTED}`
      const status: unknown = Object(meaning).status
      if (!isCallStatus(status)) {
        return `"${word}" leads to ${shown(status)}, which is not one of the ${CALL_STATUSES.length} statuses`
      }
      return partsOf({ status: aStatus, loss: optional(orNull(isText)) })(
        meaning,
        `${where}.${word}`,
      )
    }),
  )
}

const moves = listOf(
  partsOf({
    from: aStatus,
    to: aStatus,
    mark: oneOf(['stated', 'observed', 'inferred']),
    source: orNull(isText),
  }),
)

const ownDecoder = partsOf({
  types: listOf(
    expecting(
      'a content type in lower case, without parameters',
      (value) => typeof value === 'string' && /^[^\s;A-Z]+\/[^\s;A-Z]+$/.test(value),
    ),
    { minLength: 1 },
  ),
  decode: isFunction,
})
const bodyForm: Check = (value, where) =>
  typeof value === 'object'
    ? ownDecoder(value, where)
    : oneOf(
        ['json', 'form', 'multipart', 'query'],
        '"json", "form", "multipart", "query" or a decoder of its own',
      )(value, where)

const receives = partsOf({
  methods: optional(
    listOf(
      expecting(
        'a method in capitals',
        (value) => typeof value === 'string' && /^[A-Z]+$/.test(value),
      ),
      { minLength: 1 },
    ),
  ),
  bodies: optional(listOf(bodyForm, { minLength: 1 })),
})

const delivery = partsOf({
  ordered: optional(isFlag),
  repeats: optional(isFlag),
  retryDelaysMs: optional(orNull(listOf(isDuration))),
  eventIdField: optional(orNull(isText)),
  sequenceField: optional(orNull(isText)),
  eventTimeField: optional(orNull(isText)),
  sourceAddresses: optional(texts),
  sources: optional(texts),
})

const scheme = hasParts({
  name: isText,
  title: isText,
  key: isText,
  header: orNull(aHeader),
  checkHead: isFunction,
  checkBody: optional(isFunction),
  sign: optional(isFunction),
})

const retryPolicy = partsOf({
  maxAttempts: expecting(
    'a whole number of at least 1',
    (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  ),
  retryOn: listOf(anEnd),
  retryOnVoicemail: isFlag,
  delaysMs: listOf(isDuration),
  delayMsAfter: optional(mapOf(anEnd, isDuration)),
})

const habits = partsOf({
  reportsBoth: optional(
    listOf((value, where) =>
      Array.isArray(value) && value.length === 2
        ? listOf(aStatus)(value, where)
        : `${where}: expected a pair of statuses, got ${shown(value)}`,
    ),
  ),
  budgetsMs: optional(
    mapOf(
      oneOf(Object.keys(DEFAULTS.budgetsMs), 'a status that ends no attempt, or "retry"'),
      orNull(isDuration),
    ),
  ),
  retryPolicy: optional(orNull(retryPolicy)),
  neverRetried: optional(listOf(anEnd)),
  final: optional(finalByEnd(anEnd)),
  dataBudgetMs: optional(isDuration),
})

const auth: Check = (value, where) => {
  if (typeof value === 'function') return null
  if (typeof value === 'object' && value !== null) return partsOf({ header: aHeader })(value, where)
  const expected = '"bearer", "basic", "none", { header } or a function'
  return oneOf(['bearer', 'basic', 'none'], expected)(value, where)
}

const ask = partsOf({
  baseUrl: expecting(
    'an address that begins with https:// or http://',
    // No `URL`: a provider is loaded where there is nothing but JavaScript too.
    (value) => typeof value === 'string' && /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/.test(value),
  ),
  auth,
  perMinute: orNull(
    expecting('a number of requests', (value) => Number.isFinite(value) && Number(value) > 0),
  ),
  record: isFunction,
  list: optional(
    partsOf({
      maxRangeMs: orNull(isDuration),
      scope: optional(isText),
      request: isFunction,
      readPage: isFunction,
    }),
  ),
  sources: texts,
})

const answer = partsOf({
  status: expecting('an HTTP status', (value) => Number.isInteger(value) && Number(value) >= 100),
  headers: optional(mapOf(isText, isText)),
  body: optional(expecting('text', (value) => typeof value === 'string')),
})

/** Every part of a declaration but its name, in the order in which they are checked. */
const PARTS = {
  title: optional(isText),
  recognizes: isFunction,
  read: isFunction,
  statuses,
  lacks: optional(listOf(aStatus)),
  moves: optional(moves),
  kinds: optional(mapOf(isText, oneOf(['data', 'skip']))),
  delivery: optional(delivery),
  receives: optional(receives),
  origin: optional(listOf(scheme)),
  habits: optional(habits),
  finalData: optional(orNull(finalSources)),
  ask: optional(orNull(ask)),
  tell: optional(orNull(isFunction)),
  answer: optional(orNull(answer)),
  sameMessage: optional(orNull(isFunction)),
  handshake: optional(orNull(isFunction)),
} satisfies Record<Exclude<keyof ProviderDeclaration, 'name'>, Check>

/** What is wrong with a declaration whose name is right; null where nothing is. */
export function wrongInDeclaration(declaration: unknown): string | null {
  return partsOf({ name: () => null, ...PARTS })(declaration, '')
}

/** What is wrong between the parts of a provider; null where they agree. */
export function wrongBetweenParts(provider: Provider): string | null {
  return firstWrong([...disagreements(provider)])
}

function* disagreements(provider: Provider): Generator<string | null> {
  const { statuses, lacks, moves, kinds, receives, origin, habits } = provider
  const isLacked = (status: string) => lacks.some((lacked) => lacked === status)
  for (const [word, { status }] of Object.entries(statuses)) {
    if (isLacked(status)) yield `"${word}" leads to ${status}, which it is said to lack`
    if (Object.hasOwn(kinds, word)) yield `"${word}" is a status word and one of its kinds, too`
  }
  if (TERMINAL_STATUSES.every(isLacked)) yield 'it has no word for any end: no call would be over'

  for (const { from, to, mark, source } of moves) {
    const move = `its move from ${from} to ${to}`
    if (isLacked(from) || isLacked(to)) yield `${move} names a status that it lacks`
    if (!leadsOn(from, to)) {
      yield `${move} comes back or leaves an end; say such a pair in habits.reportsBoth`
    }
    if (mark !== 'inferred' && source === null) yield `${move} is ${mark}, but has no source`
  }
  if (receives.methods.includes('GET') && !receives.bodies.includes('query')) {
    yield 'receives.methods has "GET", so receives.bodies needs "query", where its parameters stand'
  }
  const names = origin.map(({ name }) => name)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) yield `two schemes of origin have the name "${twice}"`

  const { reportsBoth, neverRetried, retryPolicy } = habits
  for (const status of reportsBoth.flat()) {
    if (isLacked(status)) yield `habits.reportsBoth names ${status}, which it lacks`
  }
  for (const status of neverRetried) {
    if (retryPolicy?.retryOn.includes(status)) {
      yield `habits.neverRetried names ${status}, which habits.retryPolicy retries`
    }
  }
  yield* disagreementsOnFinalData(provider, isLacked)
}
