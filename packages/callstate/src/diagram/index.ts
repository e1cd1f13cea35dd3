export { callDot } from './call-dot.ts'
export { type CallEdge, type CallGraph, type CallNode, callGraph } from './call-graph.ts'
export { callMermaid } from './call-mermaid.ts'
export { callSvg } from './call-svg.ts'
export { machineDot } from './machine-dot.ts'
export {
  type MachineEdge,
  type MachineGraph,
  type MachineNode,
  type MachineOptions,
  machineGraph,
} from './machine-graph.ts'
export { machineMermaid } from './machine-mermaid.ts'
export { machineSvg } from './machine-svg.ts'
