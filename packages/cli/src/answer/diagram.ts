import type { Call } from 'callstate'
import {
  callDot,
  callGraph,
  callMermaid,
  callSvg,
  machineDot,
  machineGraph,
  machineMermaid,
  machineSvg,
} from 'callstate/diagram'
import { jsonText } from '../terminal.ts'

export const DIAGRAM_FORMATS = ['mermaid', 'svg', 'dot', 'json'] as const

export type DiagramFormat = (typeof DIAGRAM_FORMATS)[number]

/** The state machine of one attempt as Mermaid, as SVG, as Graphviz DOT or as nodes and edges in JSON. Pure. */
export function drawMachine(format: DiagramFormat): string {
  switch (format) {
    case 'mermaid':
      return machineMermaid()
    case 'svg':
      return machineSvg()
    case 'dot':
      return machineDot()
    case 'json':
      return jsonText(machineGraph())
    default:
      return format satisfies never
  }
}

/** The history of one call in the same four forms. Pure. */
export function drawCall(call: Call, format: DiagramFormat): string {
  switch (format) {
    case 'mermaid':
      return callMermaid(call)
    case 'svg':
      return callSvg(call)
    case 'dot':
      return callDot(call)
    case 'json':
      return jsonText(callGraph(call))
    default:
      return format satisfies never
  }
}
