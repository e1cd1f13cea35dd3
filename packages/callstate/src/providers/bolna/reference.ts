// What callstate's own packages and tests need to know of Bolna beside its public door: limits, tables
// and schemas of single parts. It may change with every release.
export {
  BOLNA_BATCH_STATUSES,
  type BolnaBatchStatus,
  isBolnaBatchStatus,
} from './batch.ts'
export { MAX_RETRY_HISTORY } from './details.ts'
export { type BolnaEvent, parseBolnaEvent } from './event.ts'
export { BOLNA_TRANSFER_STATUSES } from './execution.ts'
export { BOLNA_DEFAULT_CALLBACK_HOURS, bolnaGuardrailsSchema } from './guardrails.ts'
export { BOLNA_HANGUP_LABELS, BOLNA_HANGUP_REASONS } from './hangup.ts'
export { BOLNA_API_LIMITS, BOLNA_SCHEDULING } from './limits.ts'
export { type BolnaReply, bolnaReplySchema } from './reply.ts'
export { bolnaRetryConfigSchema } from './retry-config.ts'
export { BOLNA_RETRY_DEFAULTS, BOLNA_RETRYABLE_STATUSES } from './retry-policy.ts'
