export type {
  AttemptRecord,
  Call,
  CallEvent,
  EarlierStatus,
  EventDetails,
  HangupParty,
  Sighting,
  UnrecognizedSighting,
} from './call.ts'
export {
  type ConflictReason,
  DECISION_KINDS,
  type Decision,
  type Observation,
} from './decision.ts'
export { type CallstateError, type CallstateErrorCode, isCallstateError } from './error.ts'
export {
  CALL_STATUSES,
  type CallStatus,
  type Direction,
  type IntermediateStatus,
  LIFECYCLE,
  type Mark,
  type Move,
  type NextStatus,
  type Phase,
  START_STATUSES,
  type StatusClass,
  type StatusGroup,
  type StatusOfClass,
  TERMINAL_STATUSES,
  type TerminalStatus,
} from './lifecycle.ts'
export { EMPTY_CALL, merge, observe, replay } from './observe.ts'
export {
  type Lifecycle,
  type LifecycleEntry,
  type LifecycleOptions,
  lifecycleOf,
  type OwnLifecycle,
  type ProviderMove,
} from './own-lifecycle.ts'
export {
  type Budgets,
  DEFAULTS,
  type Durations,
  dueAt,
  durations,
  isSettled,
  type Outcome,
  outcome,
  type TimelineEntry,
  timeline,
} from './read.ts'
export type { RetryPolicy } from './retry-policy.ts'
export {
  classOf,
  groupOf,
  isCallStatus,
  isIntermediate,
  isSoftTerminal,
  isTerminal,
  type ParsedStatus,
  parseStatus,
  phaseOf,
  type StatusText,
} from './status.ts'
export {
  assertTransition,
  canTransition,
  checkTransition,
  nextStatuses,
  type TransitionCheck,
  type TransitionRefusal,
} from './transition.ts'
