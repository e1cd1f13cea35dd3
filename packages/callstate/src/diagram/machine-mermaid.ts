import { type ChartLine, chartBoxes, chartLines, chartStarts, LEGEND } from './machine-chart.ts'
import { type MachineOptions, machineGraph } from './machine-graph.ts'
import { mermaidId, mermaidText } from './mermaid-text.ts'

/**
 * The machine of one attempt as a Mermaid flowchart, left to right: a box for each phase, the happy
 * path green, ends with a double border. How a move is known is told by its line; the legend stands
 * in the comments. A flowchart and not a state diagram, whose lines are all alike. With `provider` it is
 * the provider's own lifecycle. Pure: the same text every time.
 *
 * @example
 * machineMermaid() // 'flowchart LR\n…', for a ```mermaid block of a README
 */
export function machineMermaid(options: MachineOptions = {}): string {
  const graph = machineGraph(options)
  const lines = chartLines(graph, options)
  const boxes = chartBoxes(graph).flatMap(({ phase, nodes }) => [
    `  subgraph ${boxId(phase)}[${mermaidText(phase)}]`,
    ...nodes.map(({ status, class: statusClass }) => {
      const label = mermaidText(status)
      const shape = statusClass === 'terminal' ? `([${label}])` : `(${label})`
      return `    ${mermaidId(status)}${shape}`
    }),
    '  end',
  ])
  return [
    'flowchart LR',
    '  accTitle: Lifecycle of one attempt of a call',
    ...LEGEND.map((line) => `  %% ${line}`),
    ...boxes,
    ...lines.map((line) => `  ${tailOf(line)} ${ARROWS[line.mark]} ${mermaidId(line.to)}`),
    ...chartStarts(graph).map(
      ({ direction, status }) => `  ${direction}{{${direction}}} --> ${mermaidId(status)}`,
    ),
    ...linkStyle(lines, (line) => line.happy, 'stroke:#1a7f37'),
    // Said once more in colour: some layouts of Mermaid lose the dashes of a line that crosses others.
    ...linkStyle(lines, (line) => line.mark === 'inferred' && !line.happy, 'stroke:#8c959f'),
    '',
  ].join('\n')
}

const ARROWS = {
  observed: '==>',
  stated: '-->',
  inferred: '-.->',
} as const satisfies Record<ChartLine['mark'], string>

function linkStyle(
  lines: readonly ChartLine[],
  isMeant: (line: ChartLine) => boolean,
  style: string,
): readonly string[] {
  const places = lines.flatMap((line, place) => (isMeant(line) ? [place] : []))
  return places.length === 0 ? [] : [`  linkStyle ${places.join()} ${style}`]
}

function tailOf({ from, box }: ChartLine): string {
  return box === null ? mermaidId(from) : boxId(box)
}

function boxId(phase: string): string {
  return mermaidId(`phase-${phase}`)
}
