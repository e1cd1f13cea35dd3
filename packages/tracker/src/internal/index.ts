// What callstate's own packages need of the tracker beside its public interface: it may change with
// every release, also a patch.
export { TrackerError } from '../error.ts'
