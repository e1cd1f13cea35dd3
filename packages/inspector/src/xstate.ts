export {
  ACTOR_LIMITS,
  type ActorLimits,
  type ActorsSourceOptions,
  actorsSource,
} from './actors/actors-source.ts'
export {
  INSPECTED_AT_START,
  type InspectedTracker,
  type InspectorSnapshot,
  type InspectTrackerOptions,
  inspectTracker,
  MAX_INSPECTED_CALLS,
  type ShownActor,
  type StatelyInspector,
} from './inspect-tracker.ts'
