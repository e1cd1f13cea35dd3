import { DEFAULTS } from '../../read.ts'
import type { Habits } from '../provider.ts'

const { initiated, ringing, 'in-progress': talking } = DEFAULTS.budgetsMs

/** What is usual for Dialgen. */
export const dialgenHabits = {
  /** `ONGOING` is dialing, ringing and talking in one word, so it may last as long as all three. */
  budgetsMs: { initiated: (initiated ?? 0) + (ringing ?? 0) + (talking ?? 0) },
  neverRetried: ['balance-low', 'canceled', 'stopped'],
  final: {
    completed: {
      final: ['duration', 'recordingUrl', 'transcript', 'summary'],
      expected: ['duration'],
    },
  },
} as const satisfies Partial<Habits>
