export { attemptsOf } from './attempts.ts'
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
export { CallstateError, type CallstateErrorCode, isCallstateError } from './error.ts'
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
  type TerminalStatus,
} from './lifecycle.ts'
export {
  type ConflictReason,
  type Decision,
  EMPTY_CALL,
  merge,
  type Observation,
  type ObserveRules,
  observe,
  replay,
} from './observe.ts'
export {
  type Budgets,
  DEFAULT_BUDGETS_MS,
  type Durations,
  dueAt,
  durations,
  isSettled,
  type Outcome,
  outcome,
  type TimelineEntry,
  timeline,
} from './read.ts'
export { mayRetry, type RetryPolicy, retryDelayMs } from './retry-policy.ts'
export {
  isCallStatus,
  isIntermediate,
  isSoftTerminal,
  isTerminal,
  type ParsedStatus,
  parseStatus,
  phaseOf,
  type StatusText,
  statusGroup,
} from './status.ts'
export {
  assertTransition,
  canReach,
  canTransition,
  checkTransition,
  nextStatuses,
  pathBetween,
  type TransitionCheck,
  type TransitionRefusal,
} from './transition.ts'
