import type { Call } from '../call.ts'
import type { LifecycleOptions } from '../own-lifecycle.ts'
import { type CallEdge, type CallGraph, type CallNode, callGraph } from './call-graph.ts'
import { attemptBoxes, lineOfEdge } from './call-lines.ts'
import { dotText } from './dot-text.ts'

/**
 * What was heard of one call in the DOT language of Graphviz: a row for each attempt, times since the
 * attempt began, the current status filled, gaps dashed, conflicts red, words outside the table dotted.
 * `provider` says whose moves are legal. Pure; never throws.
 *
 * @example
 * callDot(replay([{ status: 'queued' }, { status: 'ringing' }]).call) // 'digraph call {…'
 */
export function callDot(call: Call, options: LifecycleOptions = {}): string {
  const graph = callGraph(call, options)
  // Graphviz stacks the rows from the bottom: the last attempt goes first.
  const rows = attemptBoxes(graph).toReversed()
  const boxes = rows.flatMap(({ attempt, title, nodes }) => [
    `  subgraph cluster_${attempt} {`,
    `    label=${dotText(title)}`,
    ...nodes.map(({ node, lines }) => `    ${node.id} [label=${dotText(...lines)}${looks(node)}]`),
    '  }',
  ])
  return [
    'digraph call {',
    '  graph [rankdir=LR, newrank=true, compound=true, nodesep=0.3, fontname="Helvetica", fontsize=12]',
    '  graph [style="rounded,filled", color="#d0d7de", fillcolor="#f6f8fa", bgcolor="white"]',
    '  node [shape=box, style="rounded,filled", fillcolor="white", fontname="Helvetica", fontsize=12]',
    '  edge [fontname="Helvetica", fontsize=10, arrowsize=0.7]',
    ...boxes,
    ...graph.edges
      .filter((edge) => edge.kind !== 'retry')
      .map((edge) => `  ${edge.from} -> ${edge.to} [${strokeOf(edge)}]`),
    ...retries(graph),
    '}',
    '',
  ].join('\n')
}

/** From box to box, at their left ends. Without constraint, so that every row begins at the left. */
function retries(graph: CallGraph): readonly string[] {
  const boxes = attemptBoxes(graph).map(({ attempt, nodes }) => ({
    box: `cluster_${attempt}`,
    first: nodes[0]?.node.id,
  }))
  return boxes.slice(1).map((to, place) => {
    const from = boxes[place]
    const ends = `ltail=${from?.box}, lhead=${to.box}`
    return `  ${from?.first} -> ${to.first} [constraint=false, label="retry", ${ends}]`
  })
}

function looks({ current, status }: CallNode): string {
  if (current) return ', fillcolor="#aceebb", penwidth=2'
  return status === null ? ', style="rounded,dotted"' : ''
}

function strokeOf(edge: CallEdge): string {
  const line = lineOfEdge(edge)
  const label = line === null ? '' : `, label=${dotText(line)}`
  switch (edge.kind) {
    case 'move':
    case 'retry':
      return 'style=solid'
    case 'gap':
      return `style=dashed${label}`
    case 'conflict':
      return `color="#cf222e", fontcolor="#cf222e", dir=none, penwidth=2${label}`
    default:
      return edge.kind satisfies never
  }
}
