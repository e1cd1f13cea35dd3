export {
  BOLNA_BATCH_STATUSES,
  type BolnaBatchStatus,
  isBolnaBatchStatus,
} from './batch.ts'
export { bolna } from './bolna.ts'
export { MAX_RETRY_HISTORY } from './details.ts'
export { type BolnaEvent, parseBolnaEvent } from './event.ts'
export {
  BOLNA_DEFAULT_CALLBACK_HOURS,
  type BolnaGuardrails,
  bolnaGuardrailsSchema,
  isWithinGuardrails,
  nextAllowedAt,
} from './guardrails.ts'
export {
  BOLNA_HANGUP_LABELS,
  BOLNA_HANGUP_REASONS,
  type BolnaHangup,
  type HangupReading,
  type HangupWhy,
  readHangup,
} from './hangup.ts'
export { BOLNA_API_LIMITS, BOLNA_SCHEDULING } from './limits.ts'
export {
  assertBolnaPayload,
  BOLNA_TRANSFER_STATUSES,
  type BolnaCompletedExecution,
  type BolnaExecution,
  bolnaExecutionSchema,
  parseBolnaPayload,
} from './payload.ts'
export { type BolnaReply, bolnaReplySchema } from './reply.ts'
export { type BolnaRetryConfig, bolnaRetryConfigSchema } from './retry-config.ts'
export {
  BOLNA_RETRY_DEFAULTS,
  BOLNA_RETRYABLE_STATUSES,
  bolnaRetryPolicy,
} from './retry-policy.ts'
