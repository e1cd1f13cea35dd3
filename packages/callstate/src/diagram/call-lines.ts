import type { CallEdge, CallGraph, CallNode } from './call-graph.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** One attempt as a chart draws it. Its times begin anew, so that days between attempts hide no seconds. */
export interface AttemptBox {
  readonly attempt: number
  readonly title: string
  /** The nodes with the lines that they say; words outside the table stand last. */
  readonly nodes: readonly { readonly node: CallNode; readonly lines: readonly string[] }[]
}

export function attemptBoxes({ attempts, nodes }: CallGraph): readonly AttemptBox[] {
  return attempts.map((attempt) => {
    const own = nodes.filter((node) => node.attempt === attempt)
    const offsets = own.map((node) => node.offsetMs).filter((offset) => offset !== null)
    const startMs = offsets.length === 0 ? 0 : Math.min(...offsets)
    const since = startMs === 0 ? '' : `, begins ${offsetText(startMs)}`
    return {
      attempt,
      title: `attempt ${attempt}${since}`,
      nodes: own.map((node) => ({ node, lines: linesOfNode(node, startMs) })),
    }
  })
}

function linesOfNode({ label, status, offsetMs }: CallNode, startMs: number): readonly string[] {
  const when = offsetMs === null ? 'time unknown' : offsetText(offsetMs - startMs)
  return status === null ? [`“${label}”`, 'unrecognized', when] : [label, when]
}

/** What an edge says; nothing for a plain move. */
export function lineOfEdge({ kind, skipped }: CallEdge): string | null {
  switch (kind) {
    case 'move':
      return null
    case 'gap':
      return skipped.length === 0 ? 'order unknown' : `not heard: ${skipped.join(', ')}`
    case 'conflict':
      return 'conflict'
    case 'retry':
      return 'retry'
    default:
      return kind satisfies never
  }
}

/** A span of time in its two largest units, such as `+1 min 16 s`. */
function offsetText(ms: number): string {
  if (ms < MINUTE_MS) return `+${Number((ms / SECOND_MS).toFixed(1))} s`
  if (ms < HOUR_MS) return inTwoUnits(ms, [MINUTE_MS, 'min'], [SECOND_MS, 's'])
  if (ms < DAY_MS) return inTwoUnits(ms, [HOUR_MS, 'h'], [MINUTE_MS, 'min'])
  return inTwoUnits(ms, [DAY_MS, 'd'], [HOUR_MS, 'h'])
}

function inTwoUnits(
  ms: number,
  [largeMs, large]: readonly [number, string],
  [smallMs, small]: readonly [number, string],
): string {
  const count = Math.floor(ms / largeMs)
  return `+${count} ${large} ${Math.floor((ms - count * largeMs) / smallMs)} ${small}`
}
