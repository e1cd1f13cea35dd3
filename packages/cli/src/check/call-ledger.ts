import {
  type Call,
  DECISION_KINDS,
  type Decision,
  EMPTY_CALL,
  isSettled,
  observe,
  type RetryPolicy,
} from 'callstate'
import { retryPolicyFor } from 'callstate/internal'
import type { Provider, ProviderEvent } from 'callstate/providers'
import { type Finding, findingsOf, type Said, wordFinding } from './finding.ts'

/**
 * As many calls, and as many again, are kept as objects: those heard of last. A log has most events of a
 * call close together.
 */
export const RECENT_CALLS = 16_384

/** Different retry policies that are kept once for all calls; those beyond are kept with each event. */
const SHARED_POLICIES = 1000

/** How many events got each decision. */
export type DecisionCounts = Readonly<Record<Decision['kind'], number>>

/** One call as the log left it. */
export interface LedgerEntry {
  readonly provider: string
  readonly id: string
  readonly call: Call
  readonly settled: boolean
  readonly decisions: DecisionCounts
  readonly findings: readonly Finding[]
}

/** Where in a log something stands. */
export type Place = Pick<Finding, 'file' | 'line'>

/** How a ledger is kept. */
export interface LedgerSettings {
  /** The providers of the events: each is judged by its own lifecycle. */
  readonly providers: readonly Provider[]
  /** Whether `late`, `skipped` and `read-anew` are findings. */
  readonly strict: boolean
  readonly recentCalls?: number
}

/** What is known of a call so far. */
interface KnownCall {
  call: Call
  readonly decisions: Record<Decision['kind'], number>
}

/** A call as it is kept. */
interface KeptCall {
  readonly provider: Provider
  readonly id: string
  /** As JSON where it has not been heard of for a while. */
  known: KnownCall | string
  readonly findings: Finding[]
  /** The unrecognized words that are findings already; null where there are none. */
  words: Set<string> | null
  /** Grows whenever as many calls were heard of as are kept as objects: when this one was, last. */
  generation: number
}

/**
 * Everything heard about every call of a log, in order of first appearance. Calls that have not been
 * heard of for a while are kept as JSON, which takes a fraction of the memory of the objects.
 */
export class CallLedger {
  readonly decisions: Record<Decision['kind'], number> = noDecisions()
  findings = 0

  readonly #strict: boolean
  readonly #recentCalls: number
  readonly #byProvider: ReadonlyMap<string, { provider: Provider; calls: Map<string, KeptCall> }>
  readonly #calls: KeptCall[] = []
  readonly #policies = new Map<string, RetryPolicy>()
  #generation = 0
  /** Calls that are objects: those heard of in this generation, and those in the one before. */
  #recent: KeptCall[] = []
  #older: KeptCall[] = []

  constructor({ providers, strict, recentCalls = RECENT_CALLS }: LedgerSettings) {
    this.#byProvider = new Map(
      providers.map((provider) => [provider.name, { provider, calls: new Map() }]),
    )
    this.#strict = strict
    this.#recentCalls = recentCalls
  }

  get calls(): number {
    return this.#calls.length
  }

  /** Takes in one event of one of the providers, found at this place. */
  take(event: ProviderEvent, place: Place): void {
    const kept = this.#callOf(event)
    if (kept === null) return
    const known = this.#opened(kept)
    const { provider } = kept
    const { call, decision } = observe(known.call, this.#withSharedPolicy(event), { provider })
    this.decisions[decision.kind]++
    known.decisions[decision.kind]++
    for (const said of findingsOf(decision, this.#strict)) this.#note(kept, place, said)
    known.call = call
    if (call.unrecognized.length > 0) this.#takeWords(kept, known, event, place)
  }

  /** Every call in order of first appearance. */
  *entries(): Generator<LedgerEntry> {
    for (const { provider, id, known, findings } of this.#calls) {
      const { call, decisions } = typeof known === 'string' ? unpacked(known) : known
      const settled = isSettled(call, retryPolicyFor(call, provider))
      yield { provider: provider.name, id, call, settled, decisions, findings }
    }
  }

  /** The words are findings here, each once; kept in the call their times could grow with the lines. */
  #takeWords(kept: KeptCall, known: KnownCall, event: ProviderEvent, place: Place): void {
    kept.words ??= new Set()
    for (const { word } of known.call.unrecognized) {
      if (kept.words.has(word)) continue
      kept.words.add(word)
      this.#note(kept, place, wordFinding(word, event))
    }
    known.call = { ...known.call, unrecognized: [] }
  }

  /** An event whose retry policy is one object for all calls: most of them are placed with the same one. */
  #withSharedPolicy(event: ProviderEvent): ProviderEvent {
    const policy = event.details?.retryPolicy
    if (policy === undefined) return event
    const text = JSON.stringify(policy)
    const shared = this.#policies.get(text) ?? policy
    if (this.#policies.size < SHARED_POLICIES) this.#policies.set(text, shared)
    return { ...event, details: { ...event.details, retryPolicy: shared } }
  }

  #note(kept: KeptCall, { file, line }: Place, said: Said): void {
    this.findings++
    kept.findings.push({ file, line, ...said })
  }

  #callOf({ provider: name, callId: id }: ProviderEvent): KeptCall | null {
    const own = this.#byProvider.get(name)
    if (own === undefined) return null
    const kept = own.calls.get(id)
    if (kept !== undefined) return kept
    const known = { call: EMPTY_CALL, decisions: noDecisions() }
    const { provider } = own
    const made: KeptCall = { provider, id, known, findings: [], words: null, generation: -1 }
    own.calls.set(id, made)
    this.#calls.push(made)
    return made
  }

  #opened(kept: KeptCall): KnownCall {
    if (typeof kept.known === 'string') kept.known = unpacked(kept.known)
    if (kept.generation < this.#generation) {
      kept.generation = this.#generation
      this.#recent.push(kept)
      if (this.#recent.length >= this.#recentCalls) this.#packOlder()
    }
    return kept.known
  }

  /** Packs the calls that were not heard of in this generation, and begins the next one. */
  #packOlder(): void {
    for (const kept of this.#older) {
      if (kept.generation < this.#generation) kept.known = JSON.stringify(kept.known)
    }
    this.#older = this.#recent
    this.#recent = []
    this.#generation++
  }
}

function noDecisions(): Record<Decision['kind'], number> {
  const none: Partial<Record<Decision['kind'], number>> = {}
  for (const kind of DECISION_KINDS) none[kind] = 0
  return none as Record<Decision['kind'], number>
}

function unpacked(text: string): KnownCall {
  return JSON.parse(text) as KnownCall
}
