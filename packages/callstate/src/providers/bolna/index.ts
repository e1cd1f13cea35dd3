export { bolna } from './bolna.ts'
export type { BolnaData } from './data.ts'
export {
  type BolnaFields,
  type BolnaFinalField,
  type BolnaFinalLineField,
  bolnaExecutionSchema,
} from './execution.ts'
export { type BolnaGuardrails, isWithinGuardrails, nextAllowedAt } from './guardrails.ts'
export { type BolnaHangup, type HangupReading, type HangupWhy, readHangup } from './hangup.ts'
export {
  type BolnaCompletedExecution,
  type BolnaExecution,
  type BolnaUnfinishedExecution,
  parseBolnaPayload,
  safeParseBolnaPayload,
} from './payload.ts'
export type { BolnaRetryConfig } from './retry-config.ts'
export { bolnaRetryPolicy } from './retry-policy.ts'
