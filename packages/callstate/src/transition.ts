import { BIT, NEXT_BITS, placeOfBit } from './bits.ts'
import { CallstateError } from './error.ts'
import { type CallStatus, LIFECYCLE, type Mark, type Move, type NextStatus } from './lifecycle.ts'
import { isCallStatus, isTerminal, type StatusText } from './status.ts'

/** Why a move is refused. */
export type TransitionRefusal =
  /** `from` or `to` is not one of the 16 statuses. */
  | 'unrecognized-status'
  /** `to` is the status that the attempt has already. */
  | 'same-status'
  /** `from` ended the attempt. */
  | 'already-ended'
  /** `to` lies ahead, but other statuses come first: see `path`. */
  | 'skips-ahead'
  /** `to` lies behind: the attempt has passed it. */
  | 'goes-back'
  /** No legal path holds both statuses, in either order. */
  | 'no-path'

/** The answer of `checkTransition`. */
export type TransitionCheck =
  | {
      readonly ok: true
      readonly from: CallStatus
      readonly to: CallStatus
      readonly mark: Mark
      /** The address of the document; null for our own reading. */
      readonly source: string | null
      readonly message: string
    }
  | {
      readonly ok: false
      readonly from: string
      readonly to: string
      readonly reason: TransitionRefusal
      /** The legal moves from `from`; empty when it is terminal or unrecognized. */
      readonly allowed: readonly CallStatus[]
      /** The shortest legal way from `from` to `to`, both ends included; null where there is none. */
      readonly path: readonly CallStatus[] | null
      readonly message: string
    }

/**
 * The statuses that may legally follow in one move, in the order of the table; empty for a terminal
 * status and for text outside the table. Pure.
 *
 * @example
 * nextStatuses('call-disconnected') // ['completed', 'error']
 */
export function nextStatuses<From extends CallStatus>(from: From): readonly NextStatus<From>[]
export function nextStatuses(from: StatusText): readonly CallStatus[]
export function nextStatuses(from: StatusText): readonly CallStatus[] {
  return isCallStatus(from) ? (Object.keys(LIFECYCLE[from].next) as CallStatus[]) : []
}

/**
 * Whether one attempt may move from `from` to `to` in one step. False for text outside the table,
 * for the same status and for any move out of a terminal one. Pure; never throws.
 *
 * @example
 * canTransition('ringing', 'in-progress') // true
 * canTransition('completed', 'ringing') // false
 */
export function canTransition(from: StatusText, to: StatusText): boolean {
  return ((NEXT_BITS[placeOfBit(BIT[from] as number)] as number) & (BIT[to] as number)) > 0
}

/**
 * The same question as `canTransition`, answered with a typed reason, the legal moves and a sentence
 * for a person. Pure; never throws.
 *
 * @example
 * const check = checkTransition('ringing', 'completed')
 * if (!check.ok) check.reason // 'skips-ahead'
 */
export function checkTransition(from: StatusText, to: StatusText): TransitionCheck {
  const move = moveBetween(from, to)
  if (move !== undefined) {
    const message = `${from} to ${to} is legal (${move.mark}).`
    return { ok: true, from: from as CallStatus, to: to as CallStatus, ...move, message }
  }
  const path = pathBetween(from, to)
  const [reason, why] = refusal(from, to, path)
  const allowed = nextStatuses(from)
  const message = `${why}. Legal next: ${allowed.join(', ') || 'none'}.`
  return { ok: false, from, to, reason, allowed, path, message }
}

/** A pair of literals that is no legal move becomes a text that says so, which no argument satisfies. */
type LegalTo<From, To> =
  IsOne<From> extends true
    ? From extends CallStatus
      ? IsOne<To> extends true
        ? To extends NextStatus<From>
          ? To
          : `no legal move from ${From}`
        : To
      : 'from is not a call status'
    : To

type IsOne<T, Whole = T> = string extends T
  ? false
  : [T] extends [never]
    ? false
    : T extends unknown
      ? [Whole] extends [T]
        ? true
        : false
      : false

/**
 * Throws a `CallstateError` with code `illegal-transition` (or `unrecognized-status`) unless the move
 * is legal. Where both arguments are literals, an illegal move does not compile.
 *
 * @example
 * assertTransition('ringing', 'in-progress')
 */
export function assertTransition<
  const From extends StatusText,
  const To extends StatusText = StatusText,
>(from: From, to: LegalTo<From, To> & StatusText): void
export function assertTransition(from: string, to: string): void {
  const check = checkTransition(from, to)
  if (check.ok) return
  const code = check.reason === 'unrecognized-status' ? 'unrecognized-status' : 'illegal-transition'
  throw new CallstateError(code, check.message, check)
}

/**
 * Whether an attempt at `from` can get to `to` in any number of legal moves, none included. Pure.
 *
 * @example
 * canReach('queued', 'completed') // true
 * canReach('in-progress', 'busy') // false
 */
export function canReach(from: StatusText, to: StatusText): boolean {
  return pathBetween(from, to) !== null
}

/**
 * A shortest legal way from `from` to `to`, both ends included; `[from]` where they are the same,
 * null where there is none. Of several shortest ways, the one that goes through statuses earlier in
 * the table. Pure.
 *
 * @example
 * pathBetween('queued', 'ringing') // ['queued', 'initiated', 'ringing']
 */
export function pathBetween(from: StatusText, to: StatusText): readonly CallStatus[] | null {
  return isCallStatus(from) ? pathFrom([from], to) : null
}

/** A shortest legal way to `to` from whichever of `starts` is nearest; both ends included. */
export function pathFrom(
  starts: readonly CallStatus[],
  to: StatusText,
): readonly CallStatus[] | null {
  const ways = starts.map((start): readonly CallStatus[] => [start])
  const visited = new Set<CallStatus>(starts)
  // The list grows while it is walked: a breadth-first search over at most 16 statuses.
  for (const way of ways) {
    const last = way.at(-1) as CallStatus
    if (last === to) return way
    for (const next of nextStatuses(last)) {
      if (visited.has(next)) continue
      visited.add(next)
      ways.push([...way, next])
    }
  }
  return null
}

function moveBetween(from: string, to: string): Move | undefined {
  if (!isCallStatus(from) || !isCallStatus(to)) return undefined
  const moves: { readonly [status: string]: Move } = LIFECYCLE[from].next
  return moves[to]
}

function refusal(
  from: string,
  to: string,
  path: readonly CallStatus[] | null,
): readonly [TransitionRefusal, string] {
  const unknown = [from, to].find((status) => !isCallStatus(status))
  if (unknown !== undefined)
    return ['unrecognized-status', `${quote(unknown)} is not a call status`]
  if (from === to) return ['same-status', `The call is ${from} already`]
  if (isTerminal(from)) return ['already-ended', `${from} ended this attempt`]
  if (path !== null) {
    return [
      'skips-ahead',
      `${from} reaches ${to} not directly but by ${path.slice(1, -1).join(', ')}`,
    ]
  }
  return canReach(to, from)
    ? ['goes-back', `${to} lies before ${from}`]
    : ['no-path', `No call can be ${from} and ${to}`]
}

// A mistyped status may be anything, a phone number too: only what looks like a status is repeated.
function quote(text: unknown): string {
  return typeof text === 'string' && /^[a-z][a-z_-]{0,39}$/i.test(text) ? `"${text}"` : 'That'
}
