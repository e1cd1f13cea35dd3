export { type AppliedEvent, applyEvent } from './apply-event.ts'
export { type AppliedJobEvent, applyJobEvent } from './apply-job-event.ts'
export type {
  CallMachineContext,
  CallMachineEvent,
  CallMachineInput,
  CallOutput,
} from './call-context.ts'
export {
  type CallJobContext,
  type CallJobEmitted,
  type CallJobInput,
  type CallJobOutput,
  type CallJobSnapshot,
  callJobMachine,
  type EndedAttempt,
} from './call-job-machine.ts'
export {
  type CallMachine,
  type CallSnapshot,
  type CallTag,
  callMachine,
  createCallMachine,
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
