import { bitOf, bitsOf, type StatusBits } from './bits.ts'
import { CALL_STATUSES, type CallStatus, LIFECYCLE } from './lifecycle.ts'
import {
  type Lifecycle,
  lifecycleOf,
  nextIn,
  type OwnLifecycle,
  pathIn,
  startsOf,
} from './own-lifecycle.ts'

/** What `observe` asks of a lifecycle, worked out once for each provider. */
export interface Legality {
  readonly outboundStarts: readonly CallStatus[]
  readonly starts: readonly CallStatus[]
  /** By place in the table: the statuses that may legally follow in one move. */
  readonly next: readonly StatusBits[]
  /** By place in the table: the statuses that cannot stand on one legal path with this one. */
  readonly incompatible: readonly StatusBits[]
  /** Every status that the provider has a word for. */
  readonly said: StatusBits
  /** The statuses of a shortest legal way to `to`, both ends included. */
  path(starts: readonly CallStatus[], to: CallStatus): readonly CallStatus[]
}

/** The legality of a provider's own lifecycle, or of the table. */
export function legalityOf(provider: OwnLifecycle | undefined): Legality {
  if (provider === undefined) {
    table ??= work(undefined)
    return table
  }
  const known = KNOWN.get(provider)
  if (known !== undefined) return known
  const worked = work(provider)
  KNOWN.set(provider, worked)
  return worked
}

let table: Legality | undefined
const KNOWN = /* @__PURE__ */ new WeakMap<OwnLifecycle, Legality>()

function work(provider: OwnLifecycle | undefined): Legality {
  const own: Lifecycle = provider === undefined ? LIFECYCLE : lifecycleOf(provider)
  // A status that the provider was said to lack and that came all the same is judged by the table.
  const lifecycleFor = (...statuses: readonly CallStatus[]) =>
    statuses.every((status) => own[status] !== undefined) ? own : LIFECYCLE
  const reaches = (from: CallStatus, to: CallStatus) =>
    pathIn(lifecycleFor(from, to), [from], to) !== null
  const isBoth = (a: CallStatus, b: CallStatus) =>
    provider?.habits?.reportsBoth?.some((pair) => pair.includes(a) && pair.includes(b)) ?? false
  const outboundStarts = startsOf('outbound', provider)
  return {
    outboundStarts,
    starts: [...outboundStarts, ...startsOf('inbound', provider)],
    next: CALL_STATUSES.map((from) => bitsOf(nextIn(lifecycleFor(from), from))),
    incompatible: CALL_STATUSES.map((one) =>
      bitsOf(
        CALL_STATUSES.filter(
          (other) => !reaches(one, other) && !reaches(other, one) && !isBoth(one, other),
        ),
      ),
    ),
    said: bitsOf(CALL_STATUSES.filter((status) => own[status] !== undefined)),
    path: (starts, to) => pathIn(lifecycleFor(...starts, to), starts, to) ?? [to],
  }
}

/** Whether the provider has a word for the status. */
export function isSaid({ said }: Legality, status: CallStatus): boolean {
  return (said & bitOf(status)) !== 0
}
