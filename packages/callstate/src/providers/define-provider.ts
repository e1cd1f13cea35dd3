import { CallstateError, isCallstateError } from '../error.ts'
import { lacksOf } from '../own-lifecycle.ts'
import { shown } from './declaration-check.ts'
import { DATA_BUDGET_MS, type FinalSources } from './final-data.ts'
import type { DeliveryFacts, Habits, Provider, ProviderDeclaration, Receives } from './provider.ts'
import { wrongBetweenParts, wrongInDeclaration } from './provider-declaration.ts'
import type { TypedProvider, UntypedData } from './typed-provider.ts'

/**
 * Makes a provider of its declaration: checks it and fills in what was left out. What a user declares
 * can do everything that callstate's own providers can. A provider is given back as it is.
 *
 * Throws a `CallstateError` with code `invalid-provider` that names the provider, the part and what was
 * expected, whatever it is given: also for a declaration without types, and for a part whose name has a
 * slip in it.
 *
 * @example
 * export const acme = defineProvider({
 *   name: 'acme',
 *   statuses: { DIALING: { status: 'initiated' }, DONE: { status: 'completed' } },
 *   recognizes: (body) => …,
 *   read: ({ body, kind }) => …,
 * })
 */
export function defineProvider<
  const Name extends string = string,
  Data extends object = UntypedData,
>(
  declaration: ProviderDeclaration & { readonly name: Name; readonly '~data'?: Data },
): TypedProvider<Name, Data> {
  if (isProvider(declaration)) return declaration
  const name = nameOf(declaration)
  try {
    const provider = { ...checked(declaration, name), name: declaration.name }
    DEFINED.add(provider)
    return provider
  } catch (error) {
    if (isCallstateError(error)) throw error
    throw invalid(name, 'it cannot be read', error)
  }
}

/** What `defineProvider` made. */
const DEFINED = /* @__PURE__ */ new WeakSet<object>()

function isProvider<Declaration extends object>(
  declaration: Declaration,
): declaration is Declaration & Provider {
  return DEFINED.has(declaration)
}

function checked(declaration: ProviderDeclaration, name: string): Provider {
  const wrong = wrongInDeclaration(declaration)
  if (wrong !== null) throw invalid(name, wrong)
  const provider = completed(declaration, name)
  const disagreement = wrongBetweenParts(provider)
  if (disagreement !== null) throw invalid(name, disagreement)
  return provider
}

function completed(declaration: ProviderDeclaration, name: string): Provider {
  const statuses = Object.fromEntries(
    Object.entries(declaration.statuses).map(([word, { status, loss = null }]) => [
      word,
      { status, loss },
    ]),
  )
  // Bound, for a declaration may be an object of a class.
  const { sameMessage, handshake } = declaration
  return {
    name,
    title: declaration.title ?? name,
    statuses,
    lacks: lacksOf(declaration),
    moves: declaration.moves ?? [],
    kinds: declaration.kinds ?? {},
    delivery: filled(NOTHING_PROMISED, declaration.delivery),
    receives: filled(JSON_BY_POST, declaration.receives),
    origin: declaration.origin ?? [],
    habits: filled(NO_HABITS, declaration.habits),
    ask: declaration.ask ?? null,
    finalData: sources(declaration.finalData),
    tell: declaration.tell?.bind(declaration) ?? null,
    answer: declaration.answer ?? null,
    recognizes: declaration.recognizes.bind(declaration),
    read: declaration.read.bind(declaration),
    ...(sameMessage && { sameMessage: sameMessage.bind(declaration) }),
    ...(handshake && { handshake: handshake.bind(declaration) }),
  }
}

/** A copy whose function still has its object. */
function sources(given: FinalSources | null = null): FinalSources | null {
  return given && { ...given, ...(given.cost && { cost: given.cost.bind(given) }) }
}

/** What is left out, or undefined, is as it is usual. */
function filled<Part extends object>(usual: Part, given: Partial<Part> = {}): Part {
  const said = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...usual, ...Object.fromEntries(said) }
}

const JSON_BY_POST: Receives = { methods: ['POST'], bodies: ['json'] }

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
  dataBudgetMs: DATA_BUDGET_MS,
}

/** The name, by which every complaint names the provider. Throws where there is none, or no right one. */
function nameOf(declaration: unknown): string {
  if (typeof declaration !== 'object' || declaration === null || Array.isArray(declaration)) {
    throw invalid('?', `expected an object with its name and functions, got ${shown(declaration)}`)
  }
  let name: unknown
  try {
    name = Reflect.get(declaration, 'name')
  } catch (error) {
    throw invalid('?', 'its name cannot be read', error)
  }
  if (typeof name !== 'string') throw invalid('?', `name: expected text, got ${shown(name)}`)
  if (/^[a-z][a-z0-9-]*$/.test(name)) return name
  throw invalid(name, 'its name must be lower-case letters, digits and hyphens')
}

function invalid(name: string, why: string, cause?: unknown): CallstateError {
  const message = `Provider "${name}" cannot be defined: ${why}.`
  const because = cause === undefined ? {} : { cause }
  return new CallstateError('invalid-provider', message, { provider: name }, because)
}
