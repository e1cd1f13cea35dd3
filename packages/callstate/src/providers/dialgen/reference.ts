// What callstate's own packages and tests need to know of Dialgen beside its public door: limits, tables
// and schemas of single parts. It may change with every release.
export { DIALGEN_BATCH_STATUSES, type DialgenBatchStatus } from './batch.ts'
export { type DialgenEvent, parseDialgenEvent } from './event.ts'
export { DIALGEN_LIMITS } from './limits.ts'
export { dialgenRetryStrategySchema } from './retry-strategy.ts'
export {
  DIALGEN_ERRORS,
  DIALGEN_HANGUPS,
  DIALGEN_STATUSES,
  type DialgenError,
  type DialgenHangup,
  isDialgenError,
  isDialgenStatus,
  statusOfDialgen,
} from './status.ts'
export { DIALGEN_WORDS } from './words.ts'
