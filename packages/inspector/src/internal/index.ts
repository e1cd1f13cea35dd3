// What callstate's own packages need of the inspector. It is no part of the public interface: it may
// change with every release, also a patch.

import { DEFAULTS } from '../defaults.ts'
import type { InspectorLimits } from '../limits.ts'

export {
  type AccessRequest,
  isLoopbackHost,
  isLoopbackRequest,
  isSameSecret,
  type Refusal,
  showsBearer,
} from '../access.ts'
export {
  type Board,
  type BoardFollower,
  type BoardNews,
  type BoardOptions,
  createBoard,
} from '../board.ts'
export { type BoardCall, boardCallOf, type KnownCall } from '../call-row.ts'

/** How much an inspector holds and how often it speaks, unless options say otherwise. */
export const INSPECTOR_LIMITS: InspectorLimits = DEFAULTS.limits
