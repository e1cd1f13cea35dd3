import { bitsOf, NEXT_BITS, type StatusBits } from './bits.ts'
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
  /** Every status that the provider has no word for. */
  readonly lacked: StatusBits
  /** The statuses of a shortest legal way to `to`, both ends included; `to` alone where there is none. */
  path(starts: readonly CallStatus[], to: CallStatus): readonly CallStatus[]
}

/** The legality of a provider's own lifecycle, or of the table. */
export function legalityOf(provider: OwnLifecycle | undefined): Legality {
  if (!provider) {
    table ??= work({}, LIFECYCLE)
    return table
  }
  const known = KNOWN.get(provider)
  if (known !== undefined) return known
  const worked = work(provider, lifecycleOf(provider))
  KNOWN.set(provider, worked)
  return worked
}

let table: Legality | undefined
const KNOWN = /* @__PURE__ */ new WeakMap<OwnLifecycle, Legality>()

function work(provider: OwnLifecycle, own: Lifecycle): Legality {
  const lacked = bitsOf(CALL_STATUSES.filter((status) => own[status] === undefined))
  const ownNext = CALL_STATUSES.map((from) => bitsOf(nextIn(own, from)))
  // A status that the provider was said to lack and that came all the same is judged by the table.
  const withLacked = (ofOwn: readonly StatusBits[], ofTable: readonly StatusBits[]) =>
    ofTable.map((bits, place) => {
      const isLacked = (lacked & (1 << place)) !== 0
      return (ofOwn[place] as StatusBits) | (isLacked ? bits : bits & lacked)
    })
  const reached = withLacked(closed(ownNext), closed(NEXT_BITS))
  const all = bitsOf(CALL_STATUSES)
  const both = provider.habits?.reportsBoth ?? []
  const starts = startsOf('outbound', provider)
  return {
    outboundStarts: starts,
    starts: [...starts, ...startsOf('inbound', provider)],
    next: withLacked(ownNext, NEXT_BITS),
    incompatible: CALL_STATUSES.map((one, place) => {
      const before = CALL_STATUSES.filter((_, other) => (reached[other] as number) & (1 << place))
      const declared = both.filter((pair) => pair.includes(one)).flat()
      const compatible = bitsOf([...before, ...declared]) | (reached[place] as StatusBits)
      return all & ~compatible
    }),
    lacked,
    path: (from, to) => {
      const isLacked = (bitsOf([...from, to]) & lacked) !== 0
      return pathIn(isLacked ? LIFECYCLE : own, from, to) ?? [to]
    },
  }
}

/** By place in the table: what any number of moves leads to, none included. */
function closed(next: readonly StatusBits[]): readonly StatusBits[] {
  const reached = next.map((bits, place) => bits | (1 << place))
  for (const through of reached.keys()) {
    for (const [from, bits] of reached.entries()) {
      if ((bits & (1 << through)) !== 0) reached[from] = bits | (reached[through] as StatusBits)
    }
  }
  return reached
}
