import type { Call, LifecycleOptions } from 'callstate'
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
import { jsonText } from '../command/terminal.ts'

export const DIAGRAM_FORMATS = ['mermaid', 'svg', 'dot', 'json'] as const

export type DiagramFormat = (typeof DIAGRAM_FORMATS)[number]

/**
 * The state machine of one attempt, the table's or a provider's own, as Mermaid, as SVG, as Graphviz DOT or
 * as nodes and edges in JSON. Pure.
 */
export function drawMachine(format: DiagramFormat, whose: LifecycleOptions): string {
  switch (format) {
    case 'mermaid':
      return machineMermaid(whose)
    case 'svg':
      return machineSvg(whose)
    case 'dot':
      return machineDot(whose)
    case 'json':
      return jsonText(machineGraph(whose))
    default:
      return format satisfies never
  }
}

/** The history of one call in the same four forms, by the lifecycle of its provider. Pure. */
export function drawCall(call: Call, format: DiagramFormat, whose: LifecycleOptions): string {
  switch (format) {
    case 'mermaid':
      return callMermaid(call, whose)
    case 'svg':
      return callSvg(call, whose)
    case 'dot':
      return callDot(call, whose)
    case 'json':
      return jsonText(callGraph(call, whose))
    default:
      return format satisfies never
  }
}
