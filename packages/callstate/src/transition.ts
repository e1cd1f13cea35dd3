import { BIT, NEXT_BITS, numberOf } from './bits.ts'
import { CallstateError } from './error.ts'
import type { CallStatus, Mark, Move, NextStatus } from './lifecycle.ts'
import {
  type Lifecycle,
  type LifecycleOptions,
  lifecycleAsSaid,
  nextIn,
  pathIn,
} from './own-lifecycle.ts'
import { isCallStatus, isTerminal, parseStatus, type StatusText } from './status.ts'

/** Why a move is refused. */
export type TransitionRefusal =
  /** `from` or `to` is no status of the table. */
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
  /** The provider has no word for `from` or `to`. */
  | 'provider-lacks'

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
      /** The legal moves from `from`; empty when it is terminal, unrecognized or lacked. */
      readonly allowed: readonly CallStatus[]
      /** The shortest legal way from `from` to `to`, both ends included; null where there is none. */
      readonly path: readonly CallStatus[] | null
      readonly message: string
    }

/**
 * The statuses that may legally follow in one move, the least far along first; empty for a terminal
 * status and for text outside the table. `provider` asks its own lifecycle. Pure.
 *
 * @example
 * nextStatuses('call-disconnected') // ['completed', 'error']
 */
export function nextStatuses<From extends CallStatus>(from: From): readonly NextStatus<From>[]
export function nextStatuses(from: StatusText, options?: LifecycleOptions): readonly CallStatus[]
export function nextStatuses(from: StatusText, options?: LifecycleOptions): readonly CallStatus[] {
  return isCallStatus(from) ? nextIn(lifecycleFor(options), from) : []
}

/**
 * Whether one attempt may move from `from` to `to` in one step. False for text outside the table,
 * for the same status and for any move out of a terminal one. `provider` asks its own lifecycle. Pure;
 * never throws.
 *
 * @example
 * canTransition('ringing', 'in-progress') // true
 * canTransition('completed', 'ringing') // false
 */
export function canTransition(
  from: StatusText,
  to: StatusText,
  options?: LifecycleOptions,
): boolean {
  if (options?.provider !== undefined) {
    return moveBetween(lifecycleFor(options), from, to) !== undefined
  }
  return ((NEXT_BITS[numberOf(BIT[from] as number)] as number) & (BIT[to] as number)) > 0
}

/**
 * The same question as `canTransition`, answered with a typed reason, the legal moves and a sentence
 * for a person. Pure; never throws.
 *
 * @example
 * const check = checkTransition('ringing', 'completed')
 * if (!check.ok) check.reason // 'skips-ahead'
 */
export function checkTransition(
  from: StatusText,
  to: StatusText,
  options?: LifecycleOptions,
): TransitionCheck {
  const lifecycle = lifecycleFor(options)
  const move = moveBetween(lifecycle, from, to)
  if (move !== undefined) {
    const message = `${from} to ${to} is legal (${move.mark}).`
    return { ok: true, from: from as CallStatus, to: to as CallStatus, ...move, message }
  }
  const path = wayIn(lifecycle, from, to)
  const [reason, why] = refusal(lifecycle, from, to, path)
  const allowed = isCallStatus(from) ? nextIn(lifecycle, from) : []
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
 * is legal; text from outside is a `CallStatus` afterwards. `provider` asks its own lifecycle. Where none
 * is given and both statuses are literals, an illegal move does not compile.
 *
 * @example
 * assertTransition('ringing', 'in-progress')
 */
export function assertTransition(
  from: StatusText,
  to: StatusText,
  options: LifecycleOptions | undefined,
): asserts to is CallStatus
export function assertTransition<
  const From extends StatusText,
  const To extends StatusText = StatusText,
>(from: From, to: LegalTo<From, To> & StatusText): asserts to is LegalTo<From, To> & CallStatus
export function assertTransition(from: string, to: string, options?: LifecycleOptions): void {
  const check = checkTransition(from, to, options)
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
export function canReach(from: StatusText, to: StatusText, options?: LifecycleOptions): boolean {
  return pathBetween(from, to, options) !== null
}

/**
 * A shortest legal way from `from` to `to`, both ends included; `[from]` where they are the same,
 * null where there is none. Of several shortest ways, the one that goes through statuses that
 * are less far along. Pure.
 *
 * @example
 * pathBetween('queued', 'ringing') // ['queued', 'initiated', 'ringing']
 */
export function pathBetween(
  from: StatusText,
  to: StatusText,
  options?: LifecycleOptions,
): readonly CallStatus[] | null {
  return wayIn(lifecycleFor(options), from, to)
}

function lifecycleFor(options: LifecycleOptions | undefined): Lifecycle {
  return lifecycleAsSaid(options?.provider)
}

function moveBetween(lifecycle: Lifecycle, from: string, to: string): Move | undefined {
  if (!isCallStatus(from) || !isCallStatus(to)) return undefined
  const moves: { readonly [status: string]: Move } = lifecycle[from]?.next ?? {}
  return Object.hasOwn(moves, to) ? moves[to] : undefined
}

function wayIn(lifecycle: Lifecycle, from: string, to: string): readonly CallStatus[] | null {
  return isCallStatus(from) && lifecycle[from] !== undefined ? pathIn(lifecycle, [from], to) : null
}

function refusal(
  lifecycle: Lifecycle,
  from: string,
  to: string,
  path: readonly CallStatus[] | null,
): readonly [TransitionRefusal, string] {
  const unknown = [from, to].find((status) => !isCallStatus(status))
  if (unknown !== undefined) return ['unrecognized-status', sayUnknown(unknown)]
  const lacked = [from, to].find((status) => lifecycle[status as CallStatus] === undefined)
  if (lacked !== undefined) return ['provider-lacks', `This provider never says ${lacked}`]
  if (from === to) return ['same-status', `The call is ${from} already`]
  if (isTerminal(from)) return ['already-ended', `${from} ended this attempt`]
  if (path !== null) {
    return [
      'skips-ahead',
      `${from} reaches ${to} not directly but by ${path.slice(1, -1).join(', ')}`,
    ]
  }
  return wayIn(lifecycle, to, from) !== null
    ? ['goes-back', `${to} lies before ${from}`]
    : ['no-path', `No call can be ${from} and ${to}`]
}

/** Names the word, and the status that a known other spelling means. */
function sayUnknown(word: unknown): string {
  const { status } = parseStatus(word)
  const meant = status === null ? '' : `; ${status} is meant`
  return `${quote(word)} is not a call status${meant}`
}

// A mistyped status may be anything, a phone number too: only what looks like a status is repeated.
function quote(text: unknown): string {
  return typeof text === 'string' && /^[a-z][a-z_-]{0,39}$/i.test(text) ? `"${text}"` : 'That'
}
