export { DIALGEN_BATCH_STATUSES, type DialgenBatchStatus } from './batch.ts'
export { dialgen } from './dialgen.ts'
export { type DialgenEvent, parseDialgenEvent } from './event.ts'
export { DIALGEN_LIMITS } from './limits.ts'
export {
  assertDialgenPayload,
  type DialgenPayload,
  dialgenPayloadSchema,
  parseDialgenPayload,
} from './payload.ts'
export {
  type DialgenRetryStrategy,
  dialgenRetryPolicy,
  dialgenRetryStrategySchema,
} from './retry-strategy.ts'
export {
  DIALGEN_ERRORS,
  DIALGEN_HANGUPS,
  DIALGEN_STATUSES,
  type DialgenError,
  type DialgenHangup,
  type DialgenStatus,
  isDialgenStatus,
  statusOfDialgen,
} from './status.ts'
