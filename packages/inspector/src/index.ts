export {
  type AccessRequest,
  isLoopbackHost,
  isLoopbackRequest,
  isSameSecret,
  type Refusal,
  showsBearer,
} from './access.ts'
export {
  type Board,
  type BoardFollower,
  type BoardNews,
  type BoardOptions,
  createBoard,
} from './board.ts'
export {
  type BoardCall,
  boardCallOf,
  type CallEdges,
  type Edge,
  type KnownCall,
} from './call-row.ts'
export { InspectorError, type InspectorErrorCode, isInspectorError } from './error.ts'
export { INSPECTOR_LIMITS, type InspectorLimits } from './limits.ts'
export {
  type LoggedCall,
  type LoggedEvent,
  type LogSourceOptions,
  logSource,
} from './log-source.ts'
export { ATTACHED_PING_MS } from './serve/attachments.ts'
export {
  createInspectorHandler,
  type InspectorHandler,
  type InspectorHandlerOptions,
} from './serve/handler.ts'
export {
  type Inspector,
  REQUEST_TIMEOUT_MS,
  type StartInspectorOptions,
  startInspector,
} from './serve/server.ts'
export type { ActorConnection, CallSource } from './source.ts'
export { type TrackerSourceOptions, trackerSource } from './tracker-source.ts'
export type * from './wire.ts'
