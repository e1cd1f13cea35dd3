export type { Board, BoardFollower, BoardNews } from './board.ts'
export type { BoardCall, CallEdges, Edge } from './call-row.ts'
export { DEFAULTS } from './defaults.ts'
export { type InspectorError, type InspectorErrorCode, isInspectorError } from './error.ts'
export type { InspectorLimits } from './limits.ts'
export {
  type LoggedCall,
  type LoggedEvent,
  type LogSourceOptions,
  logSource,
} from './log-source.ts'
export {
  createInspectorHandler,
  type InspectorHandler,
  type InspectorHandlerOptions,
} from './serve/handler.ts'
export { type Inspector, type StartInspectorOptions, startInspector } from './serve/server.ts'
export type { ActorConnection, CallSource } from './source.ts'
export { type TrackerSourceOptions, trackerSource } from './tracker-source.ts'
export type * from './wire.ts'
