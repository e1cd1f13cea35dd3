/** What a reader of the charts learns from their lines, by the rule of the legend. */
import { type CallStatus, LIFECYCLE, type Mark } from '../index.ts'
import { type DotStatement, readDot, readMermaid } from './grammar.fixture.ts'

/** A line as it was read from a chart; `from` is a status or the box of a phase. */
interface Line {
  readonly from: string
  readonly to: string
  readonly mark: Mark
  readonly happy: boolean
}

/** A chart as it was read. */
export interface ReadChart {
  readonly lines: readonly Line[]
  /** Every move that the lines stand for, as `from to mark happy`, sorted. */
  readonly moves: readonly string[]
  /** Every start, as `direction status`, sorted. */
  readonly starts: readonly string[]
}

const DIRECTIONS = ['outbound', 'inbound']

/** Reads a chart in DOT that shows these statuses. */
export function readDotChart(text: string, statuses: readonly CallStatus[]): ReadChart {
  const edges = dotEdges(text)
  const lines = edges.flatMap(({ ids: [from = '', to = ''], attributes }): readonly Line[] => {
    const { ltail, style, penwidth, color } = attributes
    if (style === 'dotted') return []
    const mark = style === 'dashed' ? 'inferred' : penwidth === '1' ? 'stated' : 'observed'
    const happy = color === '#1a7f37'
    return [{ from: ltail?.replace('cluster_', 'phase_') ?? from, to, mark, happy }]
  })
  const starts = edges.filter(({ attributes }) => attributes.style === 'dotted')
  return {
    lines,
    moves: movesOf(lines, statuses),
    starts: starts.map(({ ids }) => ids.join(' ')).toSorted(),
  }
}

/** The edges of a chart in DOT. */
export function dotEdges(text: string): readonly DotStatement[] {
  return readDot(text).filter(({ ids }) => ids.length === 2 && ids[0] !== 'subgraph')
}

/** Reads a chart in Mermaid that shows these statuses. */
export function readMermaidChart(text: string, statuses: readonly CallStatus[]): ReadChart {
  const styled = /linkStyle ([\d,]+) stroke:#1a7f37/.exec(text)?.[1]?.split(',') ?? []
  const edges = readMermaid(text).filter((line) => line.kind === 'edge')
  const isStart = ([from = '']: readonly string[]) => DIRECTIONS.includes(from)
  const lines = edges.flatMap(({ ids, arrow }, place): readonly Line[] => {
    const [from = '', to = ''] = ids
    if (isStart(ids)) return []
    const mark = ({ '==>': 'observed', '-->': 'stated', '-.->': 'inferred' } as const)[arrow]
    if (mark === undefined) throw new Error(`no arrow of a move: ${arrow}`)
    const happy = styled.includes(String(place))
    return [{ from: statusOf(from), to: statusOf(to), mark, happy }]
  })
  const starts = edges.filter(({ ids }) => isStart(ids))
  return {
    lines,
    moves: movesOf(lines, statuses),
    starts: starts.map(({ ids }) => ids.map(statusOf).join(' ')).toSorted(),
  }
}

/** The status that an identifier of Mermaid stands for. */
export function statusOf(id: string): string {
  return id.replace(/^a\d+_/, '').replace(/(?<!^phase)_/g, '-')
}

function movesOf(lines: readonly Line[], statuses: readonly CallStatus[]): readonly string[] {
  const own = lines.filter(({ from }) => !from.startsWith('phase_'))
  const boxes = lines.filter(({ from }) => from.startsWith('phase_'))
  const implied = boxes.flatMap((line) =>
    statuses
      .filter((from) => `phase_${LIFECYCLE[from].phase}` === line.from)
      .filter((from) => !own.some((other) => other.from === from && other.to === line.to))
      .map((from) => ({ ...line, from })),
  )
  return [...own, ...implied]
    .map(({ from, to, mark, happy }) => [from, to, mark, happy].join(' '))
    .toSorted()
}
