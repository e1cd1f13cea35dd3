import {
  type CallStatus,
  type IntermediateStatus,
  LIFECYCLE,
  type Phase,
  type StatusClass,
  type StatusGroup,
  type TerminalStatus,
} from './lifecycle.ts'

/** A status, or any other text: keeps the editor's suggestions while text from outside is accepted. */
export type StatusText = CallStatus | (string & {})

/**
 * Whether `value` is one of the statuses of the table, spelled exactly so. Pure; never throws.
 *
 * @example
 * isCallStatus('no-answer') // true
 * isCallStatus('no_answer') // false: an alias; see parseStatus
 */
export function isCallStatus(value: unknown): value is CallStatus {
  return typeof value === 'string' && Object.hasOwn(LIFECYCLE, value)
}

/**
 * Whether the status ends its attempt: `completed`, `balance-low`, `busy`, `no-answer`, `canceled`,
 * `failed`, `stopped`, `error`. False for text outside the table. Narrows the type. Pure.
 *
 * Terminal is said of the attempt: an automatic retry may open another one (see `isSettled`).
 * Source: Bolna's errors page labels exactly these eight "Terminal".
 *
 * @example
 * isTerminal('busy') // true
 * isTerminal('call-disconnected') // false: the line is down, the data is not final
 */
export function isTerminal(status: StatusText): status is TerminalStatus {
  return isCallStatus(status) && LIFECYCLE[status].class === 'terminal'
}

/**
 * Whether the attempt goes on after this status, `call-disconnected` included. False for text
 * outside the table, so an unrecognized status is neither terminal nor intermediate. Pure.
 *
 * @example
 * isIntermediate('ringing') // true
 */
export function isIntermediate(status: StatusText): status is IntermediateStatus {
  return isCallStatus(status) && LIFECYCLE[status].class === 'intermediate'
}

/**
 * Whether the line is down while the data is still being finalized: `call-disconnected` alone. Pure.
 * Source: Bolna's errors page labels it "Soft terminal".
 *
 * @example
 * isSoftTerminal('call-disconnected') // true
 */
export function isSoftTerminal(status: StatusText): status is 'call-disconnected' {
  return phaseOf(status) === 'wrapping-up'
}

/**
 * Whether the status ends its attempt (`terminal`) or not (`intermediate`); null for text outside the
 * table. Pure.
 *
 * @example
 * classOf('busy') // 'terminal'
 */
export function classOf<S extends CallStatus>(status: S): (typeof LIFECYCLE)[S]['class']
export function classOf(status: StatusText): StatusClass | null
export function classOf(status: StatusText): StatusClass | null {
  return isCallStatus(status) ? LIFECYCLE[status].class : null
}

/**
 * The heading of Bolna's status list under which the status stands; null for `scheduled` and
 * `prepared`, which stand under none, and for text outside the table. Pure.
 *
 * @example
 * groupOf('balance-low') // 'unanswered'
 */
export function groupOf<S extends CallStatus>(status: S): (typeof LIFECYCLE)[S]['group']
export function groupOf(status: StatusText): StatusGroup | null
export function groupOf(status: StatusText): StatusGroup | null {
  return isCallStatus(status) ? LIFECYCLE[status].group : null
}

/**
 * The phase of an attempt in which the status stands; null for text outside the table. Pure.
 *
 * @example
 * phaseOf('ringing') // 'dialing'
 */
export function phaseOf<S extends CallStatus>(status: S): (typeof LIFECYCLE)[S]['phase']
export function phaseOf(status: StatusText): Phase | null
export function phaseOf(status: StatusText): Phase | null {
  return isCallStatus(status) ? LIFECYCLE[status].phase : null
}

/** What `parseStatus` found; `word` is the text that came in, or its kind in brackets: `(number)`. */
export type ParsedStatus =
  | { readonly kind: 'status' | 'alias'; readonly status: CallStatus; readonly word: string }
  | { readonly kind: 'unrecognized'; readonly status: null; readonly word: string }

/**
 * Other spellings that are known to mean a status: underscores are in older Bolna pages and in
 * integrators' code, `cancelled` is in Bolna's own command-line tool. No other word is guessed.
 */
const ALIASES: ReadonlyMap<string, CallStatus> = /* @__PURE__ */ new Map<string, CallStatus>([
  ['balance_low', 'balance-low'],
  ['call_disconnected', 'call-disconnected'],
  ['cancelled', 'canceled'],
  ['in_progress', 'in-progress'],
  ['no_answer', 'no-answer'],
])

/**
 * Reads a status word: one of the table, a known other spelling (said so by `kind: 'alias'`), or
 * unrecognized with the word as it came. Never throws and never guesses, whatever comes in. What it
 * answers can be observed as it is. Pure.
 *
 * @example
 * parseStatus('cancelled') // { kind: 'alias', status: 'canceled', word: 'cancelled' }
 * parseStatus('warp-drive') // { kind: 'unrecognized', status: null, word: 'warp-drive' }
 */
export function parseStatus(value: unknown): ParsedStatus {
  const word = typeof value === 'string' ? value : `(${value === null ? value : typeof value})`
  const status = isCallStatus(word) ? word : ALIASES.get(word)
  if (status === undefined) return { kind: 'unrecognized', status: null, word }
  return { kind: status === word ? 'status' : 'alias', status, word }
}
