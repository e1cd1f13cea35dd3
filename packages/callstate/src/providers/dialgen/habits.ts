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
   * (https://docs.dialgen.ai/guides/call-management/call-status). They stand in three places, by the kind
   * of message, and no message holds them all: so none is expected of each. Of a missed call there is
   * neither recording nor transcript (stated); of a failed one nothing is said.
   */
  final: {
    completed: {
      final: [
        'duration',
        'recordingUrl',
        'callData.duration',
        'callData.recordingUrl',
        'callData.transcription',
        'callData.summary',
        'callData.metricJson',
        'data.duration',
        'data.recordingUrl',
        'data.transcription',
      ],
      expected: [],
    },
  },
} as const satisfies Partial<Habits>
