import {
  CALL_STATUSES,
  type Call,
  type CallEvent,
  type CallStatus,
  isTerminal,
  LIFECYCLE,
  type LifecycleOptions,
  observe,
  replay,
} from 'callstate'

/**
 * As much of what was heard of a call as its moves take: statuses, attempts, times and words. Details,
 * which are most of it in memory, are left out. Pure.
 */
export function storyOf(call: Call): Call {
  const heard = call.heard.map(({ attempt, bits, seen }) => ({
    attempt,
    bits,
    seen: seen.map(({ status, firstAt, lastAt }) => ({ status, firstAt, lastAt })),
  }))
  return { ...call, heard }
}

/** A story with one event more. Pure. */
export function storyWith(story: Call, event: CallEvent): Call {
  const { details: _, ...said } = event
  return observe(story, said).call
}

/**
 * Whether an event of this call may have been decided to contradict what was known: never where nothing
 * that was heard excludes anything else. So of most calls no decision has to be read. Pure.
 */
export function mayContradict({ heard }: Call, options: LifecycleOptions): boolean {
  // What does not say its attempt may have been read into another one when it came.
  const isAnywhere = heard.length > 1 && heard.some(({ attempt }) => attempt === null)
  const together = isAnywhere
    ? [heard.reduce((all, { bits }) => all | bits, 0)]
    : heard.map(({ bits }) => bits)
  const known = knownSets(options)
  return together.some((bits) => {
    const answer = known.get(bits) ?? excludes(statusesIn(bits), options)
    known.set(bits, answer)
    return answer
  })
}

/** Statuses that were heard together, as bits, and whether one of them excludes another. */
type KnownSets = Map<number, boolean>

const OF_PROVIDER = new WeakMap<object, KnownSets>()
const OF_TABLE: KnownSets = new Map()

function knownSets({ provider }: LifecycleOptions): KnownSets {
  if (provider === undefined) return OF_TABLE
  const known: KnownSets = OF_PROVIDER.get(provider) ?? new Map()
  OF_PROVIDER.set(provider, known)
  return known
}

function statusesIn(bits: number): readonly CallStatus[] {
  return CALL_STATUSES.filter((status) => (bits & (1 << LIFECYCLE[status].number)) !== 0)
}

function excludes(statuses: readonly CallStatus[], options: LifecycleOptions): boolean {
  // Two ends that a provider reports together may change places by what comes later.
  if (statuses.filter((status) => isTerminal(status)).length > 1) return true
  return statuses.some((one) => {
    const { call } = replay([{ status: one }])
    return statuses.some(
      (status) => observe(call, { status }, options).decision.kind === 'conflicting',
    )
  })
}
