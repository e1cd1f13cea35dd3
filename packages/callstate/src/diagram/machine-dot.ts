import { dotText } from './dot-text.ts'
import { type ChartLine, chartBoxes, chartLines, chartStarts, LEGEND } from './machine-chart.ts'
import { type MachineNode, type MachineOptions, machineGraph } from './machine-graph.ts'

/**
 * The machine of one attempt in the DOT language of Graphviz, left to right: a box for each phase,
 * the happy path in one straight line, ends with a double border. How a move is known is told by its
 * line, and a legend says so. With `provider` it is the provider's own lifecycle. Pure: the same text
 * every time.
 *
 * @example
 * machineDot({ marks: ['stated', 'observed'] }) // 'digraph callstate {…', for `dot -Tsvg`
 */
export function machineDot(options: MachineOptions = {}): string {
  const graph = machineGraph(options)
  const lines = chartLines(graph, options)
  const happy = new Set(lines.filter((line) => line.happy).flatMap(({ from, to }) => [from, to]))
  const boxes = chartBoxes(graph).flatMap(({ phase, nodes }) => [
    `  subgraph ${dotText(`cluster_${phase}`)} {`,
    `    label=${dotText(phase)}`,
    ...(phase === 'ended' ? ['    rank=same'] : []),
    ...nodes.map((node) => `    ${dotText(node.status)} [${looks(node, happy.has(node.status))}]`),
    '  }',
  ])
  return [
    'digraph callstate {',
    '  graph [rankdir=LR, newrank=true, compound=true, nodesep=0.3, ranksep=0.6, fontname="Helvetica", fontsize=12]',
    '  graph [style="rounded,filled", color="#d0d7de", fillcolor="#f6f8fa", bgcolor="white"]',
    '  node [shape=box, style="rounded,filled", fillcolor="white", fontname="Helvetica", fontsize=12]',
    '  edge [arrowsize=0.7]',
    `  label=${dotText(...LEGEND)}`,
    ...boxes,
    '  node [shape=plaintext, style=""]',
    ...chartStarts(graph).map(
      ({ direction, status }) => `  ${direction} -> ${dotText(status)} [style=dotted]`,
    ),
    ...lines.map((line) => `  ${dotText(line.from)} -> ${dotText(line.to)} [${strokeOf(line)}]`),
    '}',
    '',
  ].join('\n')
}

function looks(node: MachineNode, onHappyPath: boolean): string {
  // A common group keeps the line between the nodes straight.
  return `peripheries=${node.class === 'terminal' ? 2 : 1}${onHappyPath ? ', group=happy' : ''}`
}

function strokeOf({ box, mark, happy }: ChartLine): string {
  const tail = box === null ? '' : `, ltail=${dotText(`cluster_${box}`)}`
  const green = 'color="#1a7f37"'
  switch (mark) {
    case 'observed':
      return happy ? `${green}, penwidth=2.5, weight=50` : `penwidth=2${tail}`
    case 'stated':
      return happy ? `${green}, penwidth=1, weight=50` : `penwidth=1${tail}`
    case 'inferred':
      return happy ? `style=dashed, ${green}, weight=50` : `style=dashed, color="#8c959f"${tail}`
    default:
      return mark satisfies never
  }
}
