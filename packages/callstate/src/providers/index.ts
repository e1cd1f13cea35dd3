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
export { defineProvider } from './define-provider.ts'
export {
  type DataMessage,
  type Delivery,
  type DeliveryHead,
  type DeliveryHeaders,
  type Message,
  type MessageKind,
  type Parameters,
  type ParseIssue,
  type ParseResult,
  type ProviderEvent,
  type Reading,
  type Refused,
} from './message.ts'
export type {
  OriginCheck,
  OriginRefusal,
  OriginScheme,
  OriginVerdict,
} from './origin/scheme.ts'
export type {
  DeliveryFacts,
  FinalFields,
  Habits,
  Provider,
  ProviderDeclaration,
  Receives,
  StatusMeaning,
  WebhookAnswer,
} from './provider.ts'
export type { Moment, Step, StoryFacts, Tell, ToldMessage } from './tell.ts'
