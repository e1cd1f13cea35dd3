export {
  type DeliveryFacts,
  defineProvider,
  type EventSource,
  type Headers,
  type ParseIssue,
  type ParseResult,
  type Provider,
  type ProviderEvent,
  type SignedDelivery,
  type StatusMeaning,
  type StatusWord,
} from './provider.ts'
