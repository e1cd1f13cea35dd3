import type { HangupParty } from '../../call.ts'
import type { Direction } from '../../lifecycle.ts'

interface HangupLabel {
  readonly by: HangupParty
  readonly codes: readonly string[]
  /** The direction of the calls that the label is for; null for both. */
  readonly direction: Direction | null
}

/**
 * Bolna's words in `hangup_by`, in lower case: whom they mean, the codes that the documents list
 * under them, and the calls they are for. `Error` names a fault and nobody.
 * Source: https://www.bolna.ai/docs/list-phone-call-hangup-status
 */
export const BOLNA_HANGUP_LABELS = {
  'api request': { by: 'api', codes: ['4000', '4020'], direction: null },
  callee: { by: 'callee', codes: ['3020', '4000'], direction: 'outbound' },
  caller: { by: 'caller', codes: ['4000'], direction: 'inbound' },
  carrier: {
    by: 'carrier',
    codes: ['2000', '3000', '3010', '3020', '3040', '3050', '3070'],
    direction: null,
  },
  error: {
    by: 'unknown',
    codes: ['3080', '3090', '3110', '5010', '5020', '7011', '8011'],
    direction: null,
  },
  plivo: {
    by: 'provider',
    codes: ['1010', '4010', '5020', '6000', '6010', '6020'],
    direction: null,
  },
  unknown: { by: 'unknown', codes: ['0'], direction: null },
} as const satisfies Record<string, HangupLabel>

/**
 * Bolna's words in `hangup_reason`, in lower case: why the call ended, and who ended it where the
 * reason says so. Sources: the page above; for the words with underscores beyond the first two, the
 * enumeration `HangupReason` of Bolna's open engine (https://github.com/bolna-ai/bolna,
 * `bolna/enums.py`); `hungup` as seen in real records, `normal hangup` in an example of the documents.
 */
export const BOLNA_HANGUP_REASONS = {
  inactivity_timeout: { why: 'inactivity', by: 'agent' },
  llm_prompted_hangup: { why: 'agent-decided', by: 'agent' },
  end_call_tool: { why: 'agent-decided', by: 'agent' },
  voicemail_detected: { why: 'voicemail', by: 'agent' },
  web_call_max_duration_reached: { why: 'duration-limit', by: null },
  transcriber_error: { why: 'engine-fault', by: null },
  transcriber_connection_error: { why: 'engine-fault', by: null },
  synthesizer_error: { why: 'engine-fault', by: null },
  llm_error: { why: 'engine-fault', by: null },
  s2s_error: { why: 'engine-fault', by: null },
  'bolna error': { why: 'engine-fault', by: null },
  'call recipient was busy': { why: 'busy', by: null },
  'call unanswered': { why: 'unanswered', by: null },
  'call recipient number invalid': { why: 'invalid-number', by: null },
  'call recipient hung up': { why: 'hung-up', by: 'callee' },
  'call recipient hungup': { why: 'hung-up', by: 'callee' },
  'normal hangup': { why: 'hung-up', by: null },
  'call recipient rejected': { why: 'rejected', by: 'callee' },
  'carrier declined': { why: 'declined', by: 'carrier' },
  failed: { why: 'not-started', by: null },
  'carrier ended because call limit exceeded': { why: 'duration-limit', by: 'carrier' },
  'carrier ended call because mpc duration limit exceeded': {
    why: 'duration-limit',
    by: 'carrier',
  },
  'carrier unable to receive media': { why: 'no-media', by: 'carrier' },
  'network congestion from carrier': { why: 'congestion', by: 'carrier' },
  'carrier unable to reach bolna': { why: 'unreachable', by: 'carrier' },
  'end of inputs from bolna': { why: 'talked-out', by: 'agent' },
  'telephony internal error': { why: 'telephony-fault', by: null },
  'carrier internal error': { why: 'telephony-fault', by: 'carrier' },
  'call completed': { why: 'ended', by: null },
  'call ended': { why: 'ended', by: null },
  'call canceled': { why: 'canceled', by: null },
  'call timed out': { why: 'timed-out', by: null },
  unknown: { why: 'unknown', by: null },
} as const satisfies Record<string, { readonly why: string; readonly by: HangupParty | null }>

/**
 * Why a call ended, as far as Bolna says: `unknown` where Bolna says that it does not know, `unsaid`
 * where it gives no reason, `unrecognized` where its words are not among the documented ones.
 */
export type HangupWhy =
  | (typeof BOLNA_HANGUP_REASONS)[keyof typeof BOLNA_HANGUP_REASONS]['why']
  | 'unsaid'
  | 'unrecognized'

/** What a Bolna record says of the end of the line; everything may be missing. */
export interface BolnaHangup {
  /** `telephony_data.hangup_by` */
  readonly by?: string | null | undefined
  /** `telephony_data.hangup_reason` */
  readonly reason?: string | null | undefined
  /** `telephony_data.hangup_provider_code`, `hangup_code` on the documents' page */
  readonly code?: string | number | null | undefined
  /** `telephony_data.call_type`: `inbound` or `outbound`; any other word is as good as none. */
  readonly direction?: Direction | (string & {}) | null | undefined
}

/** Who ended a call and why, as far as it can be told. */
export interface HangupReading {
  readonly by: HangupParty
  readonly why: HangupWhy
  /** Whether what was said points to several parties, or contradicts itself. */
  readonly ambiguous: boolean
}

/**
 * Reads who ended a call and why. The word in `hangup_by` decides who; where it is missing or says
 * nothing, the reason does, and after it the code, if the documents list it under one party alone for
 * calls of this direction. Why is read from the reason only, never from a code: 3020, 4000 and 5020
 * each stand for several things. A reason that only the agent can have (`llm_prompted_hangup`) makes
 * `API Request` the agent's. Twilio calls carry none of the three. Pure; never throws.
 *
 * @example
 * readHangup({ by: 'Callee', reason: 'Call recipient hungup', code: 4000 })
 * // { by: 'callee', why: 'hung-up', ambiguous: false }
 * readHangup({ code: 4000 }) // { by: 'unknown', why: 'unsaid', ambiguous: true }
 */
export function readHangup(hangup: BolnaHangup): HangupReading {
  const { by: label, reason } = hangup
  // No code makes a word that stands in no table.
  const code = String(hangup.code)
  const named = lookUp<HangupLabel>(LABELS, label)
  const given = lookUp(REASONS, reason)
  const why = given?.why ?? (isBlank(reason) ? 'unsaid' : 'unrecognized')
  const byReason = given?.by ?? null

  if (named !== undefined && named.by !== 'unknown') {
    if (named.by === 'api' && byReason === 'agent') return { by: 'agent', why, ambiguous: false }
    const ambiguous =
      (byReason !== null && byReason !== named.by) ||
      (CODES.has(code) && !named.codes.includes(code)) ||
      !isFor(named, hangup.direction)
    return { by: named.by, why, ambiguous }
  }
  if (byReason !== null) return { by: byReason, why, ambiguous: false }
  if (named !== undefined) return { by: named.by, why, ambiguous: false }
  const listed = Object.values<HangupLabel>(BOLNA_HANGUP_LABELS).filter(
    (entry) => entry.codes.includes(code) && isFor(entry, hangup.direction),
  )
  const ambiguous = listed.length > 1
  return { by: ambiguous ? 'unknown' : (listed[0]?.by ?? 'unknown'), why, ambiguous }
}

const LABELS: ReadonlyMap<string, HangupLabel> = new Map(Object.entries(BOLNA_HANGUP_LABELS))
const REASONS = new Map(Object.entries(BOLNA_HANGUP_REASONS))
const CODES = new Set<string>(Object.values(BOLNA_HANGUP_LABELS).flatMap(({ codes }) => [...codes]))

function lookUp<Entry>(table: ReadonlyMap<string, Entry>, words: unknown): Entry | undefined {
  return typeof words === 'string' ? table.get(words.trim().toLowerCase()) : undefined
}

function isBlank(words: unknown): boolean {
  return typeof words !== 'string' || words.trim() === ''
}

function isFor(label: HangupLabel, direction: unknown): boolean {
  const other = label.direction === 'outbound' ? 'inbound' : 'outbound'
  return label.direction === null || direction !== other
}
