import type { Call } from '../call.ts'
import type { LifecycleOptions } from '../own-lifecycle.ts'
import { type CallEdge, type CallGraph, type CallNode, callGraph } from './call-graph.ts'
import { attemptBoxes, lineOfEdge } from './call-lines.ts'
import { mermaidText } from './mermaid-text.ts'

/**
 * What was heard of one call as a Mermaid flowchart: a row for each attempt, times since the
 * attempt began, the current status green, gaps dashed, conflicts crossed out, words outside the table
 * dashed. `provider` says whose moves are legal. Pure; never throws.
 *
 * @example
 * callMermaid(replay([{ status: 'queued' }, { status: 'ringing' }]).call) // 'flowchart TB\n…'
 */
export function callMermaid(call: Call, options: LifecycleOptions = {}): string {
  const graph = callGraph(call, options)
  const boxes = attemptBoxes(graph).flatMap(({ attempt, title, nodes }) => [
    `  subgraph ${boxId(attempt)}[${mermaidText(title)}]`,
    '    direction LR',
    ...nodes.map(({ node, lines }) => `    ${node.id}(${mermaidText(...lines)})${looks(node)}`),
    ...edgesInside(graph, attempt).map((edge) => `    ${edge.from} ${arrow(edge)} ${edge.to}`),
    '  end',
  ])
  return [
    'flowchart TB',
    ...boxes,
    // From box to box: an edge between their nodes would turn the rows into columns.
    ...graph.attempts
      .slice(1)
      .map((attempt, place) => `  ${boxId(graph.attempts[place])} -->|retry| ${boxId(attempt)}`),
    '  classDef current stroke:#1a7f37,stroke-width:3px',
    '  classDef unrecognized stroke-dasharray:4',
    '',
  ].join('\n')
}

function edgesInside({ edges, nodes }: CallGraph, attempt: number): readonly CallEdge[] {
  const inside = new Set(nodes.filter((node) => node.attempt === attempt).map((node) => node.id))
  return edges.filter((edge) => inside.has(edge.from) && inside.has(edge.to))
}

function arrow(edge: CallEdge): string {
  const line = lineOfEdge(edge)
  const label = line === null ? '' : `|${mermaidText(line)}|`
  switch (edge.kind) {
    case 'move':
    case 'retry':
      return `-->${label}`
    case 'gap':
      return `-.->${label}`
    case 'conflict':
      return `x--x${label}`
    default:
      return edge.kind satisfies never
  }
}

function looks({ current, status }: CallNode): string {
  if (current) return ':::current'
  return status === null ? ':::unrecognized' : ''
}

function boxId(attempt: number | undefined): string {
  return `attempt_${attempt}`
}
