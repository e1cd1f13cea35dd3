import fc from 'fast-check'
import { CALL_STATUSES, type CallStatus, LIFECYCLE } from '../src/index.ts'

/** What the tests need to know of a provider: plain data, every part of it there. */
export interface AnyProvider {
  readonly lacks: readonly CallStatus[]
  readonly moves: readonly {
    readonly from: CallStatus
    readonly to: CallStatus
    readonly mark: 'stated' | 'observed' | 'inferred'
    readonly source: string | null
  }[]
  readonly habits: { readonly reportsBoth: readonly (readonly [CallStatus, CallStatus])[] }
}

const status = fc.constantFrom(...CALL_STATUSES)
const move = fc.record({
  from: status,
  to: status,
  mark: fc.constantFrom('stated' as const, 'observed' as const, 'inferred' as const),
  source: fc.constantFrom('https://docs.acme.example/statuses', null),
})

/** Providers that lack anything and say anything, as long as a call can begin and end with them. */
export const providers: fc.Arbitrary<AnyProvider> = fc
  .record({
    lacks: fc.subarray([...CALL_STATUSES]),
    moves: fc.array(move, { maxLength: 6 }),
    habits: fc.record({ reportsBoth: fc.array(fc.tuple(status, status), { maxLength: 3 }) }),
  })
  .filter(({ lacks }) => leavesACall(lacks))

/** Some end is left, told by the words that are left: every end can be reached from some start. */
function leavesACall(lacks: readonly CallStatus[]): boolean {
  return CALL_STATUSES.some((one) => LIFECYCLE[one].class === 'terminal' && !lacks.includes(one))
}

/**
 * The statuses to which the table leads from here through these statuses only: a second way to say what
 * contraction means, by a plain walk.
 */
export function reachedThrough(
  from: CallStatus,
  through: readonly CallStatus[],
): readonly CallStatus[] {
  const reached = new Set<CallStatus>()
  const walk = (status: CallStatus) => {
    for (const next of Object.keys(LIFECYCLE[status].next) as CallStatus[]) {
      if (reached.has(next)) continue
      reached.add(next)
      if (through.includes(next)) walk(next)
    }
  }
  walk(from)
  return CALL_STATUSES.filter((status) => reached.has(status) && status !== from)
}
