import type { Call, UnrecognizedSighting } from '../call.ts'
import type { CallStatus } from '../lifecycle.ts'
import { type LifecycleOptions, lacksOf } from '../own-lifecycle.ts'
import { type TimelineEntry, timeline } from '../read.ts'
import { asRead } from '../reading.ts'
import { canReach, pathBetween } from '../transition.ts'

/** One thing heard about the call. */
export interface CallNode {
  /** Letters, digits and underscores; unique in the graph. */
  readonly id: string
  readonly attempt: number
  /** The status; null for a word outside the table. */
  readonly status: CallStatus | null
  /** The status, or the word as it came: cut to 40 characters, without control characters. */
  readonly label: string
  /** Milliseconds since the first time heard of this call; null where no time was given, or none that can be. */
  readonly offsetMs: number | null
  /** Whether this is the status of the call. */
  readonly current: boolean
}

/** How one thing heard follows another in the story of the call. */
export interface CallEdge {
  readonly from: string
  readonly to: string
  /**
   * `move`: one legal move. `gap`: the statuses in `skipped` lie between and were not heard; where there
   * are none, it is not known which came first, or the provider reports both by design. `conflict`: no
   * legal path holds both. `retry`: another attempt.
   */
  readonly kind: 'move' | 'gap' | 'conflict' | 'retry'
  readonly skipped: readonly CallStatus[]
}

/** What was heard of one call, as plain data that survives JSON. It holds no date and no details. */
export interface CallGraph {
  /** The numbers of the attempts, in order. */
  readonly attempts: readonly number[]
  readonly nodes: readonly CallNode[]
  readonly edges: readonly CallEdge[]
}

/**
 * The history of one call as nodes and edges, in the order of `timeline`: what the charts draw, for
 * other tools to draw in their own way. Times are relative, and of all details none is taken, so
 * that a chart can be shown around; words outside the table are shown, since they are the finding, unless
 * they hold an `@` or more than four digits. `provider` says whose moves are legal, as in `observe`.
 * Pure; never throws.
 *
 * @example
 * callGraph(replay([{ status: 'queued' }, { status: 'ringing' }]).call).edges
 * // [{ from: 'a1_queued', to: 'a1_ringing', kind: 'gap', skipped: ['initiated'] }]
 */
export function callGraph(known: Call, options: LifecycleOptions = {}): CallGraph {
  const call = asRead(known)
  const entries = timeline(call)
  const words = call.unrecognized
  const times = [
    ...entries.map((entry) => entry.occurredAt),
    ...words.map((word) => word.firstAt),
  ].filter((time) => time !== null)
  const startAt = times.reduce((first, time) => Math.min(first, time), Number.POSITIVE_INFINITY)
  const statuses = entries.map((entry) => statusNode(entry, startAt, call))
  const others = words.map((word, place) => wordNode(word, place, startAt, call))
  const nodes = [...statuses, ...others]
  const attempts = [...new Set(nodes.map((node) => node.attempt))].toSorted((a, b) => a - b)
  return { attempts, nodes, edges: edgesOf(entries, options) }
}

function statusNode(entry: TimelineEntry, startAt: number, call: Call): CallNode {
  const { attempt, status, occurredAt } = entry
  return {
    id: idOf(entry),
    attempt,
    status,
    label: status,
    offsetMs: offsetOf(occurredAt, startAt),
    current: attempt === call.attempt && status === call.status,
  }
}

function wordNode(
  word: UnrecognizedSighting,
  place: number,
  startAt: number,
  call: Call,
): CallNode {
  return {
    id: `word_${place + 1}`,
    attempt: word.attempt ?? call.attempt,
    status: null,
    label: shownWord(word.word),
    offsetMs: offsetOf(word.firstAt, startAt),
    current: false,
  }
}

/** From one end of what a `Date` can hold to the other, in milliseconds. */
const MAX_OFFSET_MS = 2 * 8.64e15

/** Numbers that are no times make no span that could be told, or that JSON could hold. */
function offsetOf(time: number | null, startAt: number): number | null {
  return time === null || time - startAt > MAX_OFFSET_MS ? null : time - startAt
}

function edgesOf(
  entries: readonly TimelineEntry[],
  options: LifecycleOptions,
): readonly CallEdge[] {
  return entries.slice(1).map((to, place) => {
    const from = entries[place] as TimelineEntry
    const ends = { from: idOf(from), to: idOf(to) }
    return from.attempt === to.attempt
      ? { ...ends, ...wayBetween(from.status, to.status, options) }
      : { ...ends, kind: 'retry', skipped: [] }
  })
}

function wayBetween(
  from: CallStatus,
  to: CallStatus,
  { provider }: LifecycleOptions,
): Pick<CallEdge, 'kind' | 'skipped'> {
  const lacks = lacksOf(provider)
  const isLacked = (status: CallStatus) => lacks.includes(status)
  // What the provider was said to lack and what came all the same is judged by the table.
  const judge = { provider: isLacked(from) || isLacked(to) ? undefined : provider }
  const path = pathBetween(from, to, judge)
  const skipped = path?.slice(1, -1).filter((status) => !isLacked(status)) ?? []
  if (skipped.length > 0) return { kind: 'gap', skipped }
  if (path !== null) return { kind: 'move', skipped }
  const isBoth = provider?.habits?.reportsBoth?.some(
    (pair) => pair.includes(from) && pair.includes(to),
  )
  // Waiting statuses without times stand by how far along they are, which may not be their order.
  return { kind: isBoth || canReach(to, from, judge) ? 'gap' : 'conflict', skipped }
}

function idOf({ attempt, status }: TimelineEntry): string {
  return `a${attempt}_${status.replaceAll('-', '_')}`
}

const MAX_LABEL_LENGTH = 40

/** What a word may hold to be shown: an address or a telephone number has more, and charts are passed around. */
const MAX_DIGITS = 4

/** The word as a chart may show it. */
function shownWord(raw: string): string {
  const digits = raw.match(/\p{Nd}/gu)?.length ?? 0
  return raw.includes('@') || digits > MAX_DIGITS ? '(a word that is not shown)' : printable(raw)
}

/** Control and format characters, line ends and half surrogate pairs would break a chart or mislead its reader. */
function printable(raw: string): string {
  const chars = Array.from(raw.slice(0, 4 * MAX_LABEL_LENGTH))
  const text = chars.slice(0, MAX_LABEL_LENGTH).join('')
  const isCut = chars.length > MAX_LABEL_LENGTH || raw.length > text.length
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd') + (isCut ? '…' : '')
}
