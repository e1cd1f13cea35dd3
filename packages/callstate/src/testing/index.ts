export {
  type CallWithRetries,
  type CallWithRetriesConstraints,
  callWithRetries,
} from './call-with-retries.ts'
export {
  type ConformanceCheck,
  type Covered,
  type EventExpectation,
  type ProviderSamples,
  providerConformance,
  type SampleDelivery,
  type SampleExpectation,
  type SampleMessage,
  type SignedSample,
} from './conformance/index.ts'
export {
  type Arrival,
  type Delivered,
  type DeliveryFaults,
  deliveries,
} from './deliveries.ts'
export { callEvent, eventsOf, type TimedEvent } from './events.ts'
export {
  type HttpDelivered,
  type HttpDeliveriesConstraints,
  httpDeliveries,
  type RawBody,
  rawBodies,
  signDeliveries,
} from './http-deliveries.ts'
export {
  allLegalPaths,
  type LegalPathConstraints,
  legalPath,
  type Unvisited,
  unvisited,
} from './legal-path.ts'
export { momentsOf, type StoryOptions } from './moments.ts'
export { callStatus, type IllegalMove, illegalMove } from './moves.ts'
export { allPermutations } from './permutations.ts'
export { type BodyWriter, type Spelling, spelling, writeForm, writeJson } from './spelling.ts'
export { toldDelivery } from './told-delivery.ts'
export { type ToldStory, type ToldStoryConstraints, toldStories } from './told-stories.ts'
