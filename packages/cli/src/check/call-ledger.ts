import {
  CALL_STATUSES,
  type CallEvent,
  type CallStatus,
  EMPTY_CALL,
  type EventDetails,
  observe,
  type RetryPolicy,
} from 'callstate'
import {
  DECISION_KINDS,
  earlierFinding,
  type Finding,
  type FindingKind,
  findingsOf,
  type Said,
} from './finding.ts'
import { KNOWN_PROVIDERS, TOLD_BY } from './known-providers.ts'
import type { EventRow } from './line.ts'
import { packCall, SharedValues, type TrackedCall, unpackCall } from './packed-call.ts'

/** Calls that are kept unpacked: those heard of last. A log has most events of a call close together. */
export const HOT_CALLS = 8192

/** One call as the log left it. */
export interface LedgerEntry extends Omit<TrackedCall, 'findings'> {
  readonly id: string
  readonly findings: readonly Finding[]
}

interface HotCall extends TrackedCall {
  /** The generation of hot calls in which it was last heard of. */
  generation: number
}

const KINDS: readonly FindingKind[] = ['conflicting', 'unrecognized', 'invalid', 'late', 'skipped']

/**
 * Everything heard about every call of a log, in order of first appearance. Calls that have not been
 * heard of for a while are kept packed, which bounds the memory of a call to some hundred bytes and
 * those of its findings.
 */
export class CallLedger {
  readonly decisions: number[] = DECISION_KINDS.map(() => 0)
  /** How many events were told to be a provider's, by provider and then by how. */
  readonly told: number[][] = KNOWN_PROVIDERS.map(() => TOLD_BY.map(() => 0))
  events = 0
  findings = 0

  readonly #strict: boolean
  readonly #hotCalls: number
  readonly #indexes: Map<string, number>[] = KNOWN_PROVIDERS.map(() => new Map())
  readonly #ids: string[] = []
  readonly #calls: (HotCall | string)[] = []
  readonly #policies = new SharedValues<RetryPolicy>()
  readonly #texts = new SharedValues<string>()
  #generation = 0
  #hot: number[] = []
  #cooling: number[] = []

  constructor({ strict, hotCalls = HOT_CALLS }: { strict: boolean; hotCalls?: number }) {
    this.#strict = strict
    this.#hotCalls = hotCalls
  }

  get calls(): number {
    return this.#calls.length
  }

  /** Takes in one event, found at this line of this file; `policies` are those that rows refer to. */
  take(file: string, line: number, row: EventRow, policies: readonly RetryPolicy[]): void {
    const [, provider, toldBy, callId, status] = row
    const tracked = this.#open(provider, callId)
    const event = eventOf(row, policies)
    const { call, decision } = observe(tracked.call, event, KNOWN_PROVIDERS[provider]?.rules)
    this.events++
    count(this.told[provider] as number[], toldBy)
    const index = DECISION_KINDS.indexOf(decision.kind)
    count(this.decisions, index)
    count(tracked.decisions, index)
    for (const said of findingsOf(decision, this.#strict)) this.#note(tracked, file, line, said)
    tracked.call = call
    if (call.unrecognized.length === 0) return
    for (const { raw } of call.unrecognized) {
      if (tracked.words?.has(raw)) continue
      tracked.words = (tracked.words ?? new Set()).add(raw)
      if (raw !== status) this.#note(tracked, file, line, earlierFinding(raw))
    }
    // The words are findings here; kept in the call their times could grow with the lines.
    tracked.call = { ...call, unrecognized: [] }
  }

  /** The same policies, each of them the one object that the ledger keeps of it. */
  share(policies: readonly RetryPolicy[]): readonly RetryPolicy[] {
    return policies.map((policy) => this.#policies.unpack(this.#policies.pack(policy)))
  }

  /** Every call in order of first appearance. */
  *entries(): Generator<LedgerEntry> {
    for (const [index, kept] of this.#calls.entries()) {
      const tracked = typeof kept === 'string' ? unpackCall(kept, this.#policies) : kept
      const findings = tracked.findings.map(([file, line, kind, message]) => ({
        file: this.#texts.unpack(file),
        line,
        kind: KINDS[kind] as FindingKind,
        message: this.#texts.unpack(message),
      }))
      yield { ...tracked, id: this.#ids[index] as string, findings }
    }
  }

  #note(tracked: HotCall, file: string, line: number, { kind, message }: Said): void {
    this.findings++
    const texts = this.#texts
    tracked.findings.push([texts.pack(file), line, KINDS.indexOf(kind), texts.pack(message)])
  }

  #open(provider: number, id: string): HotCall {
    const indexes = this.#indexes[provider] as Map<string, number>
    const known = indexes.get(id)
    const index = known ?? this.#calls.length
    let call = this.#calls[index]
    if (typeof call === 'object') {
      if (call.generation === this.#generation) return call
    } else {
      if (call === undefined) {
        indexes.set(id, index)
        this.#ids.push(id)
      }
      const tracked = call === undefined ? newCall(provider) : unpackCall(call, this.#policies)
      call = { ...tracked, generation: 0 }
      this.#calls[index] = call
    }
    call.generation = this.#generation
    this.#hot.push(index)
    if (this.#hot.length >= this.#hotCalls) this.#cool()
    return call
  }

  /** Begins a generation; calls that were not heard of in the last one are packed. */
  #cool(): void {
    for (const index of this.#cooling) {
      const call = this.#calls[index]
      if (typeof call === 'object' && call.generation < this.#generation) {
        this.#calls[index] = packCall(call, this.#policies)
      }
    }
    this.#cooling = this.#hot
    this.#hot = []
    this.#generation++
  }
}

type Draft<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/** The event that a row stands for. Pure. */
export function eventOf(row: EventRow, policies: readonly RetryPolicy[]): CallEvent {
  const [, , , , status, attempt, occurredAt, policy, talkMs, voicemail, earlier] = row
  const event: Draft<CallEvent> =
    typeof status === 'number'
      ? { status: CALL_STATUSES[status] as CallStatus, attempt, occurredAt }
      : { status, attempt, occurredAt, unrecognized: true }
  if (policy !== null) {
    const details: Draft<EventDetails> = {}
    if (voicemail !== null) details.voicemail = voicemail
    if (talkMs !== null) details.talkMs = talkMs
    if (policy >= 0) details.retryPolicy = policies[policy] as RetryPolicy
    event.details = details
  }
  if (earlier !== null) event.earlier = earlier
  return event
}

function newCall(provider: number): TrackedCall {
  return {
    provider,
    call: EMPTY_CALL,
    decisions: DECISION_KINDS.map(() => 0),
    findings: [],
    words: null,
  }
}

function count(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1
}
