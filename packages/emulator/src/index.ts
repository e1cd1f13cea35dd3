export type { BolnaAgentOptions } from './bolna/agents.ts'
export type { BolnaOptions } from './bolna/bolna-side.ts'
export type { CallStep } from './call.ts'
export { DEFAULTS } from './defaults.ts'
export type { DialgenOptions } from './dialgen/dialgen-side.ts'
export {
  type AmountDisagreement,
  amountDisagreements,
  type Disagreement,
  disagreements,
} from './disagreements.ts'
export type { DeliveryListener, SentDelivery, WebhookListener, WebhookNews } from './dispatcher.ts'
export { type EmulatedProvider, type Emulator, startEmulator } from './emulator.ts'
export { type EmulatorError, type EmulatorErrorCode, isEmulatorError } from './error.ts'
export { FATES, type Fate } from './fate.ts'
export type { ClockName, EmulatorOptions } from './options.ts'
export type { InboundCall, OutboundCall } from './provider-api.ts'
export type { FateRule, Scenario } from './scenario.ts'
export type {
  AmountSum,
  AttemptTruth,
  CallTruth,
  CorrectionTruth,
  DeliveryTruth,
  Totals,
  Truth,
  TryTruth,
} from './truth.ts'
export { type Mishap, WEATHERS, type Weather, type WeatherName } from './weather.ts'
export { type SendingOptions, SOURCE_ADDRESS_HEADER } from './webhooks.ts'
