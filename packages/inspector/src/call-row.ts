import {
  CALL_STATUSES,
  type Call,
  type CallStatus,
  type LifecycleOptions,
  outcome,
  timeline,
} from 'callstate'
import { callGraph } from 'callstate/diagram'
import type { CallRow } from './wire.ts'

/** A move of the chart: two statuses, as the counts name it. */
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
}

/** What a source knows of a call. Times in milliseconds since 1970. */
export interface KnownCall {
  readonly provider: string
  readonly callId: string
  readonly knowledge: Call
  readonly settled: boolean
  readonly dueAt: number | null
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
  const { provider, callId, knowledge: call } = known
  const edges = edgesOf(call, options)
  const row: CallRow = {
    key: keyOf(provider, callId),
    provider,
    callId,
    status: call.status,
    attempt: call.attempt,
    settled: known.settled,
    outcome: outcome(call),
    findings: edges.conflicts.length + call.unrecognized.length,
    dueAt: known.dueAt,
    events: known.events,
    firstReceivedAt: known.firstReceivedAt,
    lastReceivedAt: known.lastReceivedAt,
  }
  return { row, edges }
}

/** The legal moves and the conflicts in the story of a call, by the edges of `callGraph`. Pure. */
export function edgesOf(call: Call, options?: LifecycleOptions): CallEdges {
  const moves: Edge[] = []
  const conflicts: Edge[] = []
  const statuses = timeline(call).map(({ status }) => status)
  for (const [place, { kind }] of callGraph(call, options).edges.entries()) {
    if (kind !== 'move' && kind !== 'conflict') continue
    const edge = EDGES.get(statuses[place])?.get(statuses[place + 1])
    if (edge !== undefined) (kind === 'move' ? moves : conflicts).push(edge)
  }
  return { moves, conflicts }
}

/** One text for each edge, so that 50,000 calls share them. */
const EDGES: ReadonlyMap<unknown, ReadonlyMap<unknown, Edge>> = new Map(
  CALL_STATUSES.map((from) => [
    from,
    new Map(CALL_STATUSES.map((to) => [to, `${from}>${to}` as const])),
  ]),
)
