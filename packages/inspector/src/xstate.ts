export { type ActorLimits, type ActorsSourceOptions, actorsSource } from './actors/actors-source.ts'
export {
  type InspectedTracker,
  type InspectorSnapshot,
  type InspectTrackerOptions,
  inspectTracker,
  type ShownActor,
  type StatelyInspector,
} from './inspect-tracker.ts'
