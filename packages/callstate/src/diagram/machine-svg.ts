import { MACHINE_DRAWING } from './machine-drawing.ts'
import { type MachineOptions, machineGraph } from './machine-graph.ts'
import { lanesSvg, moveCountsSvg, movesSvg, startsSvg, statesSvg } from './machine-parts.ts'
import { boxSample, type LegendItem, legendSvg, lineSample, startSample } from './svg-legend.ts'
import { svgPage } from './svg-page.ts'

/** The height of the legend's row. */
const LEGEND_HEIGHT = 48

/**
 * The machine of one attempt as an SVG drawing: a lane for each phase, the happy path in one level row,
 * a row for each end, and lines that show how each move is known. It needs nothing from outside, follows
 * the reader's light or dark scheme, and can be read in black and white. Pure: the same text every time.
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
  const { width, height } = MACHINE_DRAWING
  return svgPage({
    width,
    height: height + LEGEND_HEIGHT,
    title: 'Lifecycle of one attempt of a call',
    description: DESCRIPTION,
    lines: [
      ...lanesSvg(),
      ...startsSvg(),
      '<g>',
      ...movesSvg(edges),
      '</g>',
      ...statesSvg(),
      ...moveCountsSvg(edges),
      ...legendSvg(LEGEND, height + LEGEND_HEIGHT / 2),
    ],
  })
}

const DESCRIPTION =
  'From left to right the phases waiting, dialing, connected, wrapping-up and ended. A call that goes ' +
  'well moves from queued over initiated, ringing, in-progress and call-disconnected to completed. ' +
  'From below each status a line leads to the ends that it can have.'

const LEGEND: readonly LegendItem[] = [
  { text: 'a call that goes well', sample: lineSample('observed happy') },
  { text: 'observed in real calls', sample: lineSample('observed') },
  { text: 'stated in documents', sample: lineSample('stated') },
  { text: 'inferred by us', sample: lineSample('inferred') },
  { text: 'a call begins', sample: startSample },
  { text: 'an attempt ends', sample: boxSample('end') },
]
