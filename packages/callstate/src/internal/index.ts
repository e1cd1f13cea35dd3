// What callstate's own packages need of each other. It is no part of the public interface: it may
// change with every release, also a patch.
export { attemptOfEvent, attemptsOf, type NumberedRecord } from '../attempts.ts'
export {
  ENVELOPE_KEYS,
  type Envelope,
  type EnvelopeContent,
  type EnvelopeDelivery,
  type EnvelopeHead,
  type EnvelopeHeaders,
  type EnvelopeKey,
  type EnvelopeObject,
  type EnvelopeReading,
  REDACTED,
  readEnvelope,
  type WriteEnvelopeOptions,
  writeEnvelope,
} from '../envelope/index.ts'
export { CallstateError } from '../error.ts'
export { lacksOf, leadsOn, movesOfTable, nextIn, pathIn, startsOf } from '../own-lifecycle.ts'
export { queryOf } from '../providers/body/parameters.ts'
export { isJsonDelivery } from '../providers/body/received-form.ts'
export { eventKeyOf } from '../providers/event-key.ts'
export { FINAL_FIELDS } from '../providers/final-data.ts'
export { finalFieldsIn } from '../providers/final-fields-in.ts'
export { textInFixedOrder } from '../providers/fixed-order.ts'
export { isMessageKind, MESSAGE_KINDS } from '../providers/message.ts'
export { type BrokenReading, type CheckedReading, readChecked } from '../providers/read-checked.ts'
export { rankOf } from '../rank.ts'
export { mayRetry, retryDelayMs } from '../retry-policy.ts'
export { type RetryingProvider, retryPolicyFor } from '../retry-policy-for.ts'
export { RULES_VERSION } from '../rules-version.ts'
export { canReach, pathBetween } from '../transition.ts'
