export type { Backoff } from './backoff.ts'
export { type Change, changeKeyOf } from './calls/change.ts'
export { WATCH_BUFFER, type WatchFilter } from './calls/changes.ts'
export type { ListQuery } from './calls/list-calls.ts'
export { MAX_PAGE_SIZE, PAGE_SIZE, type Page } from './calls/page.ts'
export { type Data, fieldsGained, MAX_DATA_DEPTH, mergePayloads } from './calls/payload-data.ts'
export type { CallRef, HistoryEntry, StoredEvent, TrackedCall } from './calls/tracked-call.ts'
export type { Difference, Verification } from './calls/verify.ts'
export { SETTLED_CHECK_EVERY_MS, type WhenSettledOptions } from './calls/when-settled.ts'
export type { ConsumedChange } from './consumer/changes-of.ts'
export { changesOf } from './consumer/changes-of.ts'
export type {
  Consumer,
  ConsumerHandler,
  ConsumerOptions,
  HandlerControl,
  RetryOptions,
} from './consumer/consumer.ts'
export {
  CONSUMER_ABORT_GRACE_MS,
  CONSUMER_CLOCK_ROOM_MS,
  CONSUMER_CONCURRENCY,
  CONSUMER_EVERY_MS,
  CONSUMER_HANDLER_TIMEOUT_MS,
  CONSUMER_LEASE_MS,
  CONSUMER_MAX_TRIES,
  CONSUMER_RETRY_BACKOFF,
  CONSUMER_STOP_TIMEOUT_MS,
  MAX_CONSUMER_NAME_LENGTH,
} from './consumer/settings.ts'
export { gained, type When } from './consumer/when.ts'
export { isTrackerError, TrackerError, type TrackerErrorCode } from './error.ts'
export type { IngestInput, IngestResult } from './intake/ingest.ts'
export { INTAKE_LIMITS, type IntakeLimits } from './intake/intake-limits.ts'
export { MAX_MESSAGE_DEPTH } from './intake/message.ts'
export { type Redact, redactFields } from './intake/redact.ts'
export type { LogFields, Logger } from './logger.ts'
export type { Metrics } from './metrics.ts'
export { type HttpAskerOptions, httpAsk, MAX_ANSWER_BYTES } from './poller/ask-http.ts'
export type { Answer, Asker, Question } from './poller/asker.ts'
export {
  POLL_ASK_TIMEOUT_MS,
  POLL_BACKOFF,
  POLL_BATCH,
  POLL_CONCURRENCY,
  POLL_EVERY_MS,
  POLL_MAX_ASKS,
  POLL_MAX_PAUSE_MS,
  POLL_PER_MINUTE,
} from './poller/options.ts'
export type { Poller, PollerOptions, PollReport } from './poller/poller.ts'
export type { WebhookStatus } from './receive/answer.ts'
export { MAX_ANSWERED_ISSUES, RETRY_AFTER_S } from './receive/answer.ts'
export { BODY_TIMEOUT_MS, MAX_BODY_BYTES } from './receive/body.ts'
export type { StartTimer } from './receive/deadline.ts'
export {
  type Connection,
  createWebhookHandler,
  type WebhookHandler,
  type WebhookTarget,
} from './receive/handler.ts'
export { ANSWER_TIMEOUT_MS, type WebhookOptions } from './receive/options.ts'
export type { SecretHeader } from './receive/secret.ts'
export type { Sleep } from './sleep.ts'
export type {
  AppendOptions,
  CallWrite,
  ClaimEnd,
  ConsumerClaim,
  ConsumerCounts,
  DeadLetter,
  ListOrder,
  ListPosition,
  SilentCall,
  Store,
  StoreCounts,
  StoredCall,
  StoreQuery,
} from './store.ts'
export { type CallWithData, createTracker, type Tracker } from './tracker.ts'
export type { TrackerOptions } from './tracker-options.ts'
