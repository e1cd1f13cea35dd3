import type { FinalField } from '../final-data.ts'
import type { Habits } from '../provider.ts'

const UNCONNECTED = [
  'cost',
  'hangupBy',
  'reason',
  'voicemail',
] as const satisfies readonly FinalField[]

const ALL = [
  ...UNCONNECTED,
  'durationMs',
  'recording',
  'transcript',
  'extraction',
] as const satisfies readonly FinalField[]

/** What is usual for Bolna. */
export const bolnaHabits = {
  // The default budgets are Bolna's: see `DEFAULTS.budgetsMs`. Its retries are said in every message.
  /** Source: Bolna's auto-retry page leaves them out of `retry_on_statuses`. */
  neverRetried: ['balance-low', 'canceled', 'stopped'],
  /**
   * - `completed`: stated, "all fields populated" (https://www.bolna.ai/docs/api-reference/errors). Every
   *   record of one that was seen has a duration and a cost, also where nobody spoke.
   * - `error`: stated, "internal error". What such a record holds is documented nowhere; that a cost is
   *   said of it, be it 0, is our reading.
   * - `failed`, `stopped`, `canceled`: stated of before the connection and, of `stopped`, on another page
   *   of within it. What was up costs something (our reading); what was not need not say so.
   * - `busy`, `no-answer`: observed, a cost of 0 and no transcript, recording or extraction.
   *   `balance-low`: stated, never placed. Nothing is expected of what was never connected; transcript,
   *   recording and extraction would be an earlier attempt's (our reading). Where the line is known to
   *   have been up all the same, a cost is missed.
   * - `call-disconnected` is no end: observed, costs without network and platform, an empty recording
   *   address, a duration of 0.0.
   *
   * The extraction may come with a second message of the same end (stated), or never: only who
   * configured one expects it.
   */
  final: {
    completed: { final: ALL, expected: ['cost', 'durationMs'] },
    error: { final: ALL, expected: ['cost'] },
    failed: { final: ALL, expected: [], expectedIfConnected: ['cost'] },
    stopped: { final: ALL, expected: [], expectedIfConnected: ['cost'] },
    canceled: { final: ALL, expected: [], expectedIfConnected: ['cost'] },
    busy: { final: UNCONNECTED, expected: [], expectedIfConnected: ['cost'] },
    'no-answer': { final: UNCONNECTED, expected: [], expectedIfConnected: ['cost'] },
    'balance-low': { final: UNCONNECTED, expected: [], expectedIfConnected: ['cost'] },
  },
} as const satisfies Partial<Habits>
