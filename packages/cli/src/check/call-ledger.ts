import { type Call, DECISION_KINDS, type Decision, EMPTY_CALL, isSettled, observe } from 'callstate'
import { retryPolicyFor } from 'callstate/internal'
import type { Provider, ProviderEvent } from 'callstate/providers'
import { earlierFinding, type Finding, findingsOf, type Said } from './finding.ts'

/**
 * As many calls, and as many again, are kept as objects: those heard of last. A log has most events of a
 * call close together.
 */
export const RECENT_CALLS = 16_384

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
  /** Whether `late` and `skipped` are findings. */
  readonly strict: boolean
  readonly recentCalls?: number
}

/** What is known of a call so far. */
interface KnownCall {
  call: Call
  readonly decisions: Record<Decision['kind'], number>
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
  readonly #providers: ReadonlyMap<string, Provider>
  /** By provider and identifier; those of long ago as JSON. */
  readonly #calls = new Map<string, KnownCall | string>()
  /** Keys of calls that are objects: those heard of lately, and those heard of last before. */
  #recent = new Set<string>()
  #older = new Set<string>()
  readonly #findings = new Map<string, Finding[]>()
  /** By call: the unrecognized words that are findings already. */
  readonly #words = new Map<string, Set<string>>()

  constructor({ providers, strict, recentCalls = RECENT_CALLS }: LedgerSettings) {
    this.#providers = new Map(providers.map((provider) => [provider.name, provider]))
    this.#strict = strict
    this.#recentCalls = recentCalls
  }

  get calls(): number {
    return this.#calls.size
  }

  /** Takes in one event, found at this place. */
  take(event: ProviderEvent, place: Place): void {
    const key = keyOf(event)
    const known = this.#open(key)
    const provider = this.#providers.get(event.provider)
    const { call, decision } = observe(known.call, event, { provider })
    this.decisions[decision.kind]++
    known.decisions[decision.kind]++
    for (const said of findingsOf(decision, this.#strict)) this.#note(key, place, said)
    known.call = call.unrecognized.length === 0 ? call : this.#withoutWords(key, call, event, place)
  }

  /** Every call in order of first appearance. */
  *entries(): Generator<LedgerEntry> {
    for (const [key, kept] of this.#calls) {
      const { call, decisions } = opened(kept)
      const [provider, id] = namesIn(key)
      const settled = isSettled(call, retryPolicyFor(call, this.#providers.get(provider)))
      yield { provider, id, call, settled, decisions, findings: this.#findings.get(key) ?? [] }
    }
  }

  /** The words are findings here, each once; kept in the call their times could grow with the lines. */
  #withoutWords(key: string, call: Call, event: ProviderEvent, place: Place): Call {
    const known = this.#words.get(key) ?? new Set()
    this.#words.set(key, known)
    for (const { word } of call.unrecognized) {
      if (known.has(word)) continue
      known.add(word)
      const isOwn = event.status === null && event.word === word
      if (!isOwn) this.#note(key, place, earlierFinding(word))
    }
    return { ...call, unrecognized: [] }
  }

  #note(key: string, { file, line }: Place, { kind, message }: Said): void {
    this.findings++
    const findings = this.#findings.get(key) ?? []
    this.#findings.set(key, findings)
    findings.push({ file, line, kind, message })
  }

  #open(key: string): KnownCall {
    const kept = this.#calls.get(key)
    const known = kept === undefined ? { call: EMPTY_CALL, decisions: noDecisions() } : opened(kept)
    if (known !== kept) this.#calls.set(key, known)
    this.#recent.add(key)
    if (this.#recent.size >= this.#recentCalls) this.#packOlder()
    return known
  }

  /** Packs the calls that were not heard of lately, and begins anew to watch which ones are. */
  #packOlder(): void {
    for (const key of this.#older) {
      const known = this.#calls.get(key)
      if (this.#recent.has(key) || typeof known !== 'object') continue
      this.#calls.set(key, JSON.stringify(known))
    }
    this.#older = this.#recent
    this.#recent = new Set()
  }
}

function noDecisions(): Record<Decision['kind'], number> {
  const none: Partial<Record<Decision['kind'], number>> = {}
  for (const kind of DECISION_KINDS) none[kind] = 0
  return none as Record<Decision['kind'], number>
}

function opened(kept: KnownCall | string): KnownCall {
  return typeof kept === 'string' ? (JSON.parse(kept) as KnownCall) : kept
}

/** The name of a provider has no space in it. */
function keyOf({ provider, callId }: ProviderEvent): string {
  return `${provider} ${callId}`
}

function namesIn(key: string): readonly [provider: string, id: string] {
  const space = key.indexOf(' ')
  return [key.slice(0, space), key.slice(space + 1)]
}
