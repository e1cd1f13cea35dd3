export { type AppliedEvent, applyEvent } from './apply-event.ts'
export { type AppliedJobEvent, applyJobEvent } from './apply-job-event.ts'
export {
  type CallJobContext,
  type CallJobEmitted,
  type CallJobInput,
  type CallJobSnapshot,
  callJobMachine,
  type EndedAttempt,
} from './call-job-machine.ts'
export {
  CALL_EVENTS,
  type CallMachineContext,
  type CallMachineEvent,
  type CallMachineInput,
  type CallSnapshot,
  type CallTag,
  callMachine,
} from './call-machine.ts'
export { callOf, snapshotAt, snapshotOf } from './call-snapshot.ts'
export type {
  AttemptEnded,
  AttemptOpened,
  CallJobEvent,
  CallJobRefusal,
  CallJobRejection,
  CallJobState,
  JobCanceled,
} from './job-event.ts'
export type {
  CallGuard,
  CallRejection,
  CallRejectionReason,
  GuardRefusal,
} from './rejection.ts'
