import {
  CALL_STATUSES,
  type Call,
  type CallStatus,
  type Decision,
  type LifecycleOptions,
  type Outcome,
  timeline,
} from 'callstate'
import { callGraph } from 'callstate/diagram'
import type { CallRow } from './wire.ts'

/** Two statuses, as the counts name a move or a contradiction. */
export type Edge = `${CallStatus}>${CallStatus}`

/** What one call adds to the counts of the chart. */
export interface CallEdges {
  readonly moves: readonly Edge[]
  readonly conflicts: readonly Edge[]
}

/** A call as the board holds it. */
export interface BoardCall {
  readonly row: CallRow
  readonly edges: CallEdges
  /** What was heard of it, where its source goes on from there with what is heard next. */
  readonly story?: Call
}

/** What a source knows of a call. Times in milliseconds since 1970. */
export interface KnownCall {
  readonly provider: string
  readonly callId: string
  readonly status: CallStatus | null
  readonly attempt: number
  readonly settled: boolean
  readonly outcome: Outcome
  readonly dueAt: number | null
  readonly dataDueAt: number | null
  /** What was heard: its moves and its words outside the table are read off it. */
  readonly knowledge: Call
  /** What contradicted what was known, as it was decided when it came. */
  readonly conflicts: readonly Edge[]
  readonly events: number
  readonly firstReceivedAt: number
  readonly lastReceivedAt: number
}

/** Names a call in the page. No provider's name holds a space, so that both can be read off it. Pure. */
export function keyOf(provider: string, callId: string): string {
  return `${provider} ${callId}`
}

/** What a key names; null for text that is no key. Pure. */
export function partsOfKey(
  key: string,
): { readonly provider: string; readonly callId: string } | null {
  const space = key.indexOf(' ')
  return space < 1 ? null : { provider: key.slice(0, space), callId: key.slice(space + 1) }
}

/** Reads what the list and the chart show of a call; `options` say whose moves are legal. Pure. */
export function boardCallOf(known: KnownCall, options?: LifecycleOptions): BoardCall {
  const { provider, callId, knowledge, conflicts } = known
  const row: CallRow = {
    key: keyOf(provider, callId),
    provider,
    callId,
    status: known.status,
    attempt: known.attempt,
    settled: known.settled,
    outcome: known.outcome,
    findings: conflicts.length + wordsIn(knowledge),
    dueAt: known.dueAt,
    dataDueAt: known.dataDueAt,
    events: known.events,
    firstReceivedAt: known.firstReceivedAt,
    lastReceivedAt: known.lastReceivedAt,
  }
  return { row, edges: { moves: movesOf(knowledge, options), conflicts } }
}

/**
 * What decisions say contradicts what was known, in their order. What was only read anew is none: it says
 * where something belongs. Pure.
 */
export function conflictsIn(decisions: Iterable<Decision | null>): readonly Edge[] {
  const conflicts: Edge[] = []
  for (const decision of decisions) {
    if (decision?.kind !== 'conflicting' || decision.reason === 'read-anew') continue
    conflicts.push(edgeOf(decision.conflictsWith, decision.status))
  }
  return conflicts
}

/** The words that are no status of the call, each once. */
function wordsIn({ unrecognized }: Call): number {
  return unrecognized.length < 2
    ? unrecognized.length
    : new Set(unrecognized.map(({ word }) => word)).size
}

/** The legal moves in the story of a call. */
function movesOf(call: Call, options?: LifecycleOptions): readonly Edge[] {
  const statuses = timeline(call).map(({ status }) => status)
  return callGraph(call, options).edges.flatMap(({ kind }, place) => {
    const [from, to] = [statuses[place], statuses[place + 1]]
    return kind === 'move' && from !== undefined && to !== undefined ? [edgeOf(from, to)] : []
  })
}

function edgeOf(from: CallStatus, to: CallStatus): Edge {
  return EDGES.get(from)?.get(to) ?? `${from}>${to}`
}

/** One text for each edge, so that 50,000 calls share them. */
const EDGES: ReadonlyMap<CallStatus, ReadonlyMap<CallStatus, Edge>> = new Map(
  CALL_STATUSES.map((from) => [
    from,
    new Map(CALL_STATUSES.map((to) => [to, `${from}>${to}` as const])),
  ]),
)
