import { bitOf, bitsOf, byNumber, NEXT_BITS, type StatusBits } from './bits.ts'
import { CALL_STATUSES, type CallStatus, LIFECYCLE } from './lifecycle.ts'
import {
  type Lifecycle,
  lifecycleAsSaid,
  nextIn,
  type OwnLifecycle,
  startsOf,
} from './own-lifecycle.ts'

/** What `observe` asks of a lifecycle, worked out once for each provider. */
export interface Legality {
  readonly lifecycle: Lifecycle
  readonly outboundStarts: readonly CallStatus[]
  readonly anyStarts: readonly CallStatus[]
  /** By number: the statuses that may legally follow in one move. */
  readonly next: readonly StatusBits[]
  /**
   * By number: the statuses that cannot stand on one legal path with this one. What the
   * provider was said to lack and what came all the same is judged by the table.
   */
  readonly incompatible: readonly StatusBits[]
  /** Every status that the provider has no word for. */
  readonly lacked: StatusBits
}

/** The legality of a provider's own lifecycle, or of the table: also for what is no provider. Never throws. */
export function legalityOf(provider?: OwnLifecycle): Legality {
  if (typeof provider !== 'object' || provider === null) return TABLE
  const known = KNOWN.get(provider)
  if (known !== undefined) return known
  const worked = work(provider, lifecycleAsSaid(provider))
  KNOWN.set(provider, worked)
  return worked
}

const KNOWN = /* @__PURE__ */ new WeakMap<OwnLifecycle, Legality>()

function work(provider: OwnLifecycle, lifecycle: Lifecycle): Legality {
  const all = bitsOf(CALL_STATUSES)
  const lacked = all & ~bitsOf(Object.keys(lifecycle))
  const next = byNumber((from) => bitsOf(nextIn(lifecycle, from)), 0)
  // Of what is said, contraction reaches all that the table does; of what is lacked the table alone knows.
  const own = closed(next)
  const reached = closed(NEXT_BITS).map((bits, number) => bits | (own[number] ?? 0))
  const pairs = provider.habits?.reportsBoth
  const both = Array.isArray(pairs) ? pairs.filter(Array.isArray) : []
  const outboundStarts = startsOf('outbound', provider)
  return {
    lifecycle,
    outboundStarts,
    anyStarts: [...outboundStarts, ...startsOf('inbound', provider)],
    next,
    incompatible: byNumber((one) => {
      const { number } = LIFECYCLE[one]
      const before = CALL_STATUSES.filter(
        (other) => ((reached[LIFECYCLE[other].number] ?? 0) & bitOf(one)) !== 0,
      )
      const declared = both.filter((pair) => pair.includes(one)).flat()
      return all & ~(bitsOf([...before, ...declared]) | (reached[number] ?? 0))
    }, 0),
    lacked,
  }
}

/** By number: what any number of moves leads to, none included. */
function closed(next: readonly StatusBits[]): readonly StatusBits[] {
  const reached = next.map((bits, number) => bits | (1 << number))
  for (const through of reached.keys()) {
    for (const [from, bits] of reached.entries()) {
      if ((bits & (1 << through)) !== 0) reached[from] = bits | (reached[through] ?? 0)
    }
  }
  return reached
}

const TABLE: Legality = /* @__PURE__ */ work({}, LIFECYCLE)
