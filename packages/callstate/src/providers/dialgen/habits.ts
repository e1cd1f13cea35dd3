import { DEFAULTS } from '../../read.ts'
import type { Habits } from '../provider.ts'

const { initiated, ringing, 'in-progress': talking } = DEFAULTS.budgetsMs

/** What is usual for Dialgen. */
export const dialgenHabits = {
  /** `ONGOING` is dialing, ringing and talking in one word, so it may last as long as all three. */
  budgetsMs: { initiated: (initiated ?? 0) + (ringing ?? 0) + (talking ?? 0) },
  // Only the calls of a batch are retried, and no message says how often: see `dialgenRetryPolicy`.
  /** Our reading: the documents retry what was busy or not answered, and leave other errors open. */
  neverRetried: ['balance-low'],
  /**
   * Stated of `COMPLETED`: recording, transcript, metrics and summary are available
   * (https://docs.dialgen.ai/guides/call-management/call-status); they stand in some kinds of message and
   * not in others, so none is expected. The duration stands in every documented message of a completed
   * call. Of a missed call there is neither recording nor transcript (stated); of a failed one nothing is
   * said.
   */
  final: {
    completed: {
      final: ['durationMs', 'recording', 'transcript', 'extraction', 'hangupBy', 'reason'],
      expected: ['durationMs'],
    },
    failed: { final: ['durationMs', 'hangupBy', 'reason'], expected: [] },
    busy: { final: ['hangupBy', 'reason'], expected: [] },
    'no-answer': { final: ['hangupBy', 'reason'], expected: [] },
    'balance-low': { final: ['hangupBy', 'reason'], expected: [] },
  },
} as const satisfies Partial<Habits>
