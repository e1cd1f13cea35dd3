import { CallstateError } from '../error.ts'
import { CALL_STATUSES, type CallStatus } from '../lifecycle.ts'
import { isCallStatus } from '../status.ts'
import type { DeliveryFacts, Habits, Provider, ProviderDeclaration } from './provider.ts'

/**
 * Makes a provider of its declaration: checks it and fills in what was left out. What a user declares
 * can do everything that callstate's own providers can. Throws a `CallstateError` with code
 * `invalid-provider` that says what was expected, also for a declaration without types.
 *
 * @example
 * export const acme = defineProvider({
 *   name: 'acme',
 *   statuses: { DIALING: { status: 'initiated' }, DONE: { status: 'completed' } },
 *   recognizes: (body) => …,
 *   read: ({ body, kind }) => …,
 * })
 */
export function defineProvider(declaration: ProviderDeclaration): Provider {
  assertDeclaration(declaration)
  const statuses = Object.fromEntries(
    Object.entries(declaration.statuses).map(([word, { status, loss = null }]) => [
      word,
      { status, loss },
    ]),
  )
  const said = new Set<CallStatus>(Object.values(statuses).map(({ status }) => status))
  const provider: Provider = {
    ...declaration,
    title: declaration.title ?? declaration.name,
    statuses,
    lacks: declaration.lacks ?? CALL_STATUSES.filter((status) => !said.has(status)),
    moves: declaration.moves ?? [],
    kinds: declaration.kinds ?? {},
    delivery: { ...NOTHING_PROMISED, ...declaration.delivery },
    receives: { methods: ['POST'], bodies: ['json'], ...declaration.receives },
    origin: declaration.origin ?? [],
    habits: { ...NO_HABITS, ...declaration.habits },
    ask: declaration.ask ?? null,
    tell: declaration.tell ?? null,
    answer: declaration.answer ?? null,
  }
  assertAgrees(provider)
  return provider
}

const NOTHING_PROMISED: DeliveryFacts = {
  ordered: false,
  repeats: true,
  retryDelaysMs: null,
  eventIdField: null,
  sequenceField: null,
  eventTimeField: null,
  sourceAddresses: [],
  sources: [],
}

const NO_HABITS: Habits = {
  reportsBoth: [],
  budgetsMs: {},
  retryPolicy: null,
  neverRetried: [],
  final: {},
}

/** Checks what a declaration without types may have wrong. */
function assertDeclaration(declaration: unknown): asserts declaration is ProviderDeclaration {
  if (!isRecord(declaration)) throw invalid('?', 'expected an object with its name and functions')
  const { name } = declaration
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name)) {
    throw invalid(
      typeof name === 'string' ? name : '?',
      'its name must be lower-case letters, digits and hyphens',
    )
  }
  for (const member of ['recognizes', 'read']) {
    if (typeof declaration[member] !== 'function') throw invalid(name, `${member} is no function`)
  }
  for (const member of ['sameMessage', 'handshake', 'tell']) {
    const given = declaration[member] ?? null
    if (given !== null && typeof given !== 'function') {
      throw invalid(name, `${member} is no function`)
    }
  }
  for (const member of ['lacks', 'moves', 'origin']) {
    const given = declaration[member]
    if (given !== undefined && !Array.isArray(given)) throw invalid(name, `${member} is no list`)
  }
  assertStatuses(name, declaration['statuses'])
  assertKinds(name, declaration['kinds'])
  assertReceives(name, declaration['receives'])
  assertOrigin(name, declaration['origin'])
  assertAsk(name, declaration['ask'])
}

function assertStatuses(name: string, statuses: unknown): void {
  if (!isRecord(statuses)) throw invalid(name, 'statuses is no object of its words')
  for (const [word, meaning] of Object.entries(statuses)) {
    const status = isRecord(meaning) ? meaning['status'] : undefined
    if (!isCallStatus(status)) {
      throw invalid(name, `"${word}" leads to "${status}", which is not one of the 16 statuses`)
    }
  }
}

function assertKinds(name: string, kinds: unknown): void {
  for (const [kind, what] of Object.entries(kinds ?? {})) {
    if (what !== 'data' && what !== 'skip') {
      throw invalid(name, `the kind "${kind}" is neither "data" nor "skip"`)
    }
  }
}

const NAMED_FORMS: readonly unknown[] = ['json', 'form', 'multipart', 'query']

function assertReceives(name: string, receives: unknown): void {
  const { methods = ['POST'], bodies = ['json'] } = isRecord(receives) ? receives : {}
  const isMethods =
    Array.isArray(methods) && methods.length > 0 && methods.every((one) => /^[A-Z]+$/.test(one))
  if (!isMethods) throw invalid(name, 'receives.methods is no list of methods in capitals')
  const isBodies =
    Array.isArray(bodies) &&
    bodies.length > 0 &&
    bodies.every(
      (form) =>
        NAMED_FORMS.includes(form) || (isRecord(form) && typeof form['decode'] === 'function'),
    )
  if (!isBodies) {
    throw invalid(
      name,
      'receives.bodies is no list of "json", "form", "multipart", "query" or a decoder of its own',
    )
  }
}

function assertOrigin(name: string, origin: unknown): void {
  const names = new Set<unknown>()
  for (const scheme of Array.isArray(origin) ? origin : []) {
    const isScheme =
      isRecord(scheme) &&
      typeof scheme['name'] === 'string' &&
      typeof scheme['checkHead'] === 'function'
    if (!isScheme) throw invalid(name, 'a scheme of origin has no name or no checkHead')
    if (names.has(scheme['name'])) throw invalid(name, 'two schemes of origin have one name')
    names.add(scheme['name'])
  }
}

function assertAsk(name: string, ask: unknown): void {
  if (ask === undefined || ask === null) return
  const isAsk =
    isRecord(ask) && typeof ask['baseUrl'] === 'string' && typeof ask['record'] === 'function'
  if (!isAsk) throw invalid(name, 'ask has no baseUrl or no record')
}

/** Checks that the parts of a provider agree. */
function assertAgrees({ name, statuses, lacks, moves, habits }: Provider): void {
  const strange = lacks.find((status) => !isCallStatus(status))
  if (strange !== undefined) throw invalid(name, `it lacks "${strange}", which is no status`)
  for (const [word, { status }] of Object.entries(statuses)) {
    if (lacks.includes(status)) {
      throw invalid(name, `"${word}" leads to ${status}, which it is said to lack`)
    }
  }
  for (const { from, to } of moves) {
    if (!isCallStatus(from) || !isCallStatus(to) || lacks.includes(from) || lacks.includes(to)) {
      throw invalid(name, `its move from "${from}" to "${to}" names a status that it lacks`)
    }
  }
  for (const pair of habits.reportsBoth) {
    if (!pair.every(isCallStatus)) throw invalid(name, 'reportsBoth names what is no status')
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(name: string, why: string): CallstateError {
  const message = `Provider "${name}" cannot be defined: ${why}.`
  return new CallstateError('invalid-provider', message, { provider: name })
}
