export type { Backoff } from './backoff.ts'
export type { AttemptWithData } from './calls/attempts-with-data.ts'
export type { Change } from './calls/change.ts'
export type { WatchFilter } from './calls/changes.ts'
export type {
  AttemptLedger,
  Correction,
  FinalChange,
  FinalData,
  FinalValue,
  PayloadRef,
  SaidMessage,
  SaidValue,
} from './calls/final-data.ts'
export type {
  ListQuery,
  OverdueCall,
  OverdueQuery,
  OverdueReason,
} from './calls/list-calls.ts'
export type { Page } from './calls/page.ts'
export type { Data } from './calls/payload-data-fields.ts'
export type { RebuildOptions, Rebuilt } from './calls/rebuild.ts'
export type {
  CallRef,
  CallStanding,
  Decided,
  HistoryEntry,
  StoredEvent,
  TrackedCall,
} from './calls/tracked-call.ts'
export type { Difference, Verification, VerifyOptions } from './calls/verify.ts'
export type { WhenSettledOptions } from './calls/when-settled.ts'
export type {
  ConsumedChange,
  ConsumedChangeOf,
  CorrectedField,
} from './consumer/consumed-change.ts'
export type {
  Consumer,
  ConsumerHandler,
  ConsumerOptions,
  HandlerControl,
  RetryOptions,
} from './consumer/consumer.ts'
export {
  type ChangeFilter,
  corrected,
  type FieldFilter,
  gained,
  type NamedFilter,
  ready,
  type When,
  type WithCorrected,
  type WithFinal,
} from './consumer/when.ts'
export { createTracker } from './create-tracker.ts'
export { DEFAULTS } from './defaults.ts'
export { isTrackerError, type TrackerError, type TrackerErrorCode } from './error.ts'
export type { IngestedEvent, IngestInput, IngestResult } from './intake/ingest.ts'
export type { IntakeLimits } from './intake/limits.ts'
export { type Redact, redactFields } from './intake/redact.ts'
export type { LogFields, Logger } from './logger.ts'
export type { DataResult, Metrics } from './metrics.ts'
export {
  createFetcher,
  type FetcherOptions,
  type ListedMessage,
  type ListedPeriod,
  type ProviderFetcher,
} from './poller/create-fetcher.ts'
export type { FetchAnswer, Fetcher, FetchQuestion } from './poller/fetcher.ts'
export type { Poller, PollerOptions, PollReport } from './poller/poller.ts'
export type { ProviderApiOptions } from './poller/provider-api.ts'
export {
  type AnswerDelivery,
  type Connection,
  createWebhookHandler,
  type OriginOptions,
  type Origins,
  type StartTimer,
  type WebhookHandler,
  type WebhookOptions,
  type WebhookTarget,
} from './receive/index.ts'
export {
  type DeliverySink,
  type RecordOptions,
  recordDeliveries,
} from './receive/record-deliveries.ts'
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
  StoredChange,
  StoredChanges,
  StoreQuery,
} from './store.ts'
export type { CallWithData, CallWithDataOf, Tracker, TypedTracker } from './tracker.ts'
export type { TrackerOptions } from './tracker-options.ts'
