import { type MachineGraph, type MachineOptions, machineGraph } from './machine-graph.ts'
import { lanesSvg, moveCountsSvg, movesSvg, startsSvg, statesSvg } from './machine-parts.ts'
import { layoutOf } from './own-layout.ts'
import { boxSample, type LegendItem, legendSvg, lineSample, startSample } from './svg-legend.ts'
import { svgPage } from './svg-page.ts'

/** Above the legend. */
const LEGEND_MARGIN = 8

/**
 * The machine of one attempt as an SVG drawing: a lane for each phase, the happy path in one level row,
 * a row for each end, and lines that show how each move is known. It needs nothing from outside, follows
 * the reader's light or dark scheme, and can be read in black and white. With `provider` it is the provider's
 * own lifecycle: what it lacks is left out, moves of its own are routed around what is there. Pure: the same
 * text every time.
 *
 * Standing in a page, it is addressed by data attributes:
 * - `<g data-status="ringing">` is a status, `<path data-move="ringing>busy">` a move, and
 *   `<path data-start="inbound>ringing">` the beginning of a call;
 * - `<text data-count="ringing">` and `<text data-count="ringing>busy">` are empty: a page writes numbers
 *   there, and the name of the status makes room;
 * - the classes `lit`, `skipped` and `conflict` on a status or a move, and `current` on a status, give it
 *   the looks that `callSvg` gives them; `traced` on the `svg` fades everything without one of these.
 *   Moves share pieces of their lines: `move.parentElement.append(move)` lays one over the others.
 *
 * Colours are the custom properties `--callstate-` and `paper`, `lane`, `box`, `edge`, `ink`, `muted`,
 * `line`, `faint`, `happy`, `lit`, `glow`, `conflict` or `trace`, which a page may set on any element around.
 *
 * @example
 * machineSvg() // '<svg xmlns="http://www.w3.org/2000/svg" class="callstate" …'
 */
export function machineSvg(options: MachineOptions = {}): string {
  const { edges } = machineGraph(options)
  const graph = machineGraph({ provider: options.provider })
  const layout = layoutOf(graph, options)
  const legend = legendSvg(LEGEND, layout.width, layout.height + LEGEND_MARGIN)
  return svgPage({
    width: layout.width,
    height: layout.height + LEGEND_MARGIN + legend.height,
    title: 'Lifecycle of one attempt of a call',
    description: descriptionOf(graph),
    lines: [
      ...lanesSvg(layout),
      ...startsSvg(layout),
      '<g>',
      ...movesSvg(layout, edges),
      '</g>',
      ...statesSvg(layout, graph.nodes),
      ...moveCountsSvg(layout, edges),
      ...legend.lines,
    ],
  })
}

function descriptionOf({ nodes, edges }: MachineGraph): string {
  const phases = [...new Set(nodes.map(({ phase }) => phase))]
  const way = edges.filter(({ happy }) => happy)
  const [first, ...over] = way.map(({ from }) => from)
  const between = over.length === 0 ? '' : `over ${listed(over)} `
  const happy =
    first === undefined
      ? ''
      : `A call that goes well moves from ${first} ${between}to ${way.at(-1)?.to}. `
  return (
    `From left to right the phases ${listed(phases)}. ${happy}` +
    'From below each status a line leads to the ends that it can have.'
  )
}

function listed(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' and ')
}

const LEGEND: readonly LegendItem[] = [
  { text: 'a call that goes well', sample: lineSample('observed happy') },
  { text: 'observed in real calls', sample: lineSample('observed') },
  { text: 'stated in documents', sample: lineSample('stated') },
  { text: 'inferred by us', sample: lineSample('inferred') },
  { text: 'a call begins', sample: startSample },
  { text: 'an attempt ends', sample: boxSample('end') },
]
