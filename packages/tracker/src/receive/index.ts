export type { WebhookStatus } from './answer.ts'
export { MAX_ANSWERED_ISSUES, RETRY_AFTER_S } from './answer.ts'
export { BODY_TIMEOUT_MS, MAX_BODY_BYTES } from './body.ts'
export type { StartTimer } from './deadline.ts'
export {
  type Connection,
  createWebhookHandler,
  type WebhookHandler,
  type WebhookTarget,
} from './handler.ts'
export { ANSWER_TIMEOUT_MS, type WebhookOptions } from './options.ts'
export type { SecretHeader } from './secret.ts'
