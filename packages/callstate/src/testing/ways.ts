import { CALL_STATUSES, type CallStatus, LIFECYCLE } from '../lifecycle.ts'
import {
  type Lifecycle,
  type LifecycleOptions,
  lifecycleOf,
  nextIn,
  pathIn,
} from '../own-lifecycle.ts'

/** The ways through a lifecycle, with their lengths worked out once for each. */
export interface Ways {
  /** The statuses of the lifecycle, in the order of the table. */
  readonly statuses: readonly CallStatus[]
  next(from: CallStatus): readonly CallStatus[]
  /** The statuses on a shortest way, both ends included; infinite where there is none. */
  steps(from: CallStatus, to: CallStatus): number
}

/** The ways through a provider's own lifecycle, or through the table. */
export function waysOf({ provider }: LifecycleOptions): Ways {
  const lifecycle: Lifecycle = provider === undefined ? LIFECYCLE : lifecycleOf(provider)
  const known = KNOWN.get(lifecycle)
  if (known !== undefined) return known
  const ways = measured(lifecycle)
  KNOWN.set(lifecycle, ways)
  return ways
}

const KNOWN = /* @__PURE__ */ new WeakMap<Lifecycle, Ways>()

function measured(lifecycle: Lifecycle): Ways {
  const statuses = CALL_STATUSES.filter((status) => lifecycle[status] !== undefined)
  const lengths = new Map(
    statuses.flatMap((from) =>
      statuses.flatMap((to) => {
        const path = pathIn(lifecycle, [from], to)
        return path === null ? [] : [[`${from} ${to}`, path.length] as const]
      }),
    ),
  )
  return {
    statuses,
    next: (from) => nextIn(lifecycle, from),
    steps: (from, to) => lengths.get(`${from} ${to}`) ?? Number.POSITIVE_INFINITY,
  }
}
