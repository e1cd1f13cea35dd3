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
  allLegalPaths,
  type LegalPathConstraints,
  legalPath,
  type Unvisited,
  unvisited,
} from './legal-path.ts'
export { callStatus, type IllegalMove, illegalMove } from './moves.ts'
export { allPermutations } from './permutations.ts'
