import type { Call } from '../call.ts'
import { type LifecycleOptions, lacksOf } from '../own-lifecycle.ts'
import { type CallGraph, callGraph } from './call-graph.ts'
import { type AttemptBox, attemptBoxes } from './call-lines.ts'
import { panelSvg } from './call-panel.ts'
import { notesOf, storyOf } from './call-story.ts'
import type { Layout } from './drawing.ts'
import { type MachineGraph, machineGraph } from './machine-graph.ts'
import { lanesSvg, movesSvg, startsSvg, statesSvg } from './machine-parts.ts'
import { layoutOf } from './own-layout.ts'
import { boxSample, type LegendItem, legendSvg, lineSample } from './svg-legend.ts'
import { svgPage } from './svg-page.ts'
import { svgText } from './svg-text.ts'

/** How many attempts, the latest, have the whole machine drawn. */
const MAX_PANELS = 3

/** How many attempts before those are told in words. */
const MAX_STRIPS = 20

const TOP = 8
const LEFT = 20

/**
 * What was heard of one call as an SVG drawing in the manner of `machineSvg`: the machine once for each of
 * the latest three attempts, with the statuses heard in their order and with times since the attempt
 * began, the moves between them lit, statuses passed over dashed, conflicts crossed out. Earlier attempts
 * are told in words, and so are conflicts and words outside the table. It holds no date and no details.
 * With `provider` the machine is its own. Pure; never throws.
 *
 * Standing in a page, an attempt is `<g data-attempt="1">`; in it a status heard or passed over is
 * `<g data-status="ringing">`, a move `<path data-move="ringing>busy">`, and two statuses that exclude
 * each other `<path data-conflict="in-progress>busy">`.
 *
 * @example
 * callSvg(replay([{ status: 'queued' }, { status: 'ringing' }]).call) // '<svg xmlns=… class="callstate" …'
 */
export function callSvg(call: Call, options: LifecycleOptions = {}): string {
  const graph = callGraph(call, options)
  const machine = machineOf(graph, options)
  const layout = layoutOf(machine, options)
  const boxes = attemptBoxes(graph)
  const told = boxes.slice(-MAX_PANELS - MAX_STRIPS)
  const untold = boxes.length - told.length
  const stories = [
    ...(untold === 0 ? [] : [`${untold} earlier attempts`]),
    ...told.map((box) => `${box.title}: ${storyOf(box, graph)}`),
  ]
  const blocks = [
    ...stories
      .slice(0, -MAX_PANELS)
      .flatMap((story) => folded(story, layout.width))
      .map(textBlock),
    ...told
      .slice(-MAX_PANELS)
      .flatMap((box) => [panelBlock(layout, box, graph), ...notesOf(box, graph).map(textBlock)]),
    ...(boxes.length === 0 ? [textBlock('Nothing was heard of this call.')] : []),
    legendBlock(layout.width),
  ]
  const tops = blocks.map((_, place) =>
    blocks.slice(0, place).reduce((top, block) => top + block.height, TOP),
  )
  return svgPage({
    width: layout.width,
    height: blocks.reduce((height, block) => height + block.height, TOP),
    title: 'History of one call',
    description: stories.join('; '),
    lines: [
      '<defs>',
      // Where `use` copies it, no rule looks further up: each has to have the class of its own.
      '<g id="callstate-lanes" class="callstate">',
      ...lanesSvg(layout),
      '</g><g id="callstate-machine" class="callstate">',
      ...namelessMachineSvg(layout, machine),
      '</g></defs>',
      ...blocks.flatMap((block, place) => block.draw(tops[place] ?? TOP)),
    ],
  })
}

/** A piece of the drawing that stands under the one before. */
interface Block {
  readonly height: number
  readonly draw: (top: number) => readonly string[]
}

function textBlock(text: string): Block {
  const draw = (top: number) => [
    `<text class="small" x="${LEFT}" y="${top + 12}">${svgText(text)}</text>`,
  ]
  return { height: 18, draw }
}

function panelBlock(layout: Layout, box: AttemptBox, graph: CallGraph): Block {
  const draw = (top: number) => [
    `<text class="title" x="${LEFT}" y="${top + 24}">${box.title}</text>`,
    `<g data-attempt="${box.attempt}" transform="translate(0 ${top + 20})">`,
    '<use href="#callstate-lanes"/><use class="faded" href="#callstate-machine"/>',
    ...panelSvg(layout, box, graph),
    '</g>',
  ]
  return { height: layout.height + 30, draw }
}

const LEGEND: readonly LegendItem[] = [
  { text: 'heard', sample: boxSample('lit') },
  { text: 'the status of the call', sample: boxSample('lit current') },
  { text: 'a legal move', sample: lineSample('lit') },
  { text: 'passed over, not heard', sample: lineSample('skipped') },
  { text: 'conflict: no legal path holds both', sample: lineSample('conflict') },
]

function legendBlock(width: number): Block {
  const { height } = legendSvg(LEGEND, width, 0)
  return { height: height + 8, draw: (top) => legendSvg(LEGEND, width, top + 8).lines }
}

/** The machine to draw on: the provider's own, with what it was said to lack and what came all the same. */
function machineOf(graph: CallGraph, { provider }: LifecycleOptions): MachineGraph {
  const own = machineGraph({ provider })
  const said = new Set(graph.nodes.flatMap(({ status }) => status ?? []))
  const lacked = lacksOf(provider)
  const lacks = lacked.filter((status) => !said.has(status))
  if (lacks.length === lacked.length) return own
  const { nodes, edges } = machineGraph({ provider: { ...provider, lacks } })
  const names = new Set(own.edges.map(({ from, to }) => `${from}>${to}`))
  return { nodes, edges: [...own.edges, ...edges.filter((e) => !names.has(`${e.from}>${e.to}`))] }
}

/** The machine to lie under each attempt: without names, since it is there more than once. */
function namelessMachineSvg(layout: Layout, { nodes, edges }: MachineGraph): readonly string[] {
  const parts = [...startsSvg(layout), ...movesSvg(layout, edges), ...statesSvg(layout, nodes)]
  return parts.map((part) => part.replace(/ data-\w+="[^"]*"|<title>[^<]*<\/title>/g, ''))
}

/** About as wide as a letter of small text. */
const LETTER_WIDTH = 6.88

function folded(text: string, width: number): readonly string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`.trimStart()
    if (line.length * LETTER_WIDTH <= width) lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}
