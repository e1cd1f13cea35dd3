export type {
  Ask,
  AskAuth,
  AskList,
  AskRequest,
  ListPage,
  ListQuestion,
  RecordQuestion,
} from './ask.ts'
export type { BodyDecoder, BodyForm, NamedBodyForm } from './body/body-form.ts'
export {
  type Decoding,
  type DecodingLimits,
  type DecodingRefusal,
  decodeDelivery,
} from './body/decode-delivery.ts'
export { type HeadRefusal, isJsonDelivery, refusalOfHead } from './body/received-form.ts'
export { defineProvider } from './define-provider.ts'
export type { Amount, FinalField, FinalFields, FinalSources, SaidFields } from './final-data.ts'
export type {
  DataMessage,
  Delivery,
  DeliveryHead,
  DeliveryHeaders,
  Message,
  MessageKind,
  Parameters,
  ParseIssue,
  ParseResult,
  ProviderEvent,
  Reading,
  Refused,
} from './message.ts'
export {
  checkOriginBody,
  checkOriginHead,
  type KeysByScheme,
  type OriginAnswer,
  type OriginKeys,
  problemsOfKeys,
  signDelivery,
  type WithOrigin,
} from './origin/origin.ts'
export type {
  OriginCheck,
  OriginRefusal,
  OriginScheme,
  OriginVerdict,
} from './origin/scheme.ts'
export type {
  DeliveryFacts,
  Habits,
  Provider,
  ProviderDeclaration,
  Receives,
  StatusMeaning,
  WebhookAnswer,
} from './provider.ts'
export type { Moment, Step, StoryFacts, Tell, ToldMessage } from './tell.ts'
export type { ProviderDataOf, TypedProvider, UntypedData } from './typed-provider.ts'
