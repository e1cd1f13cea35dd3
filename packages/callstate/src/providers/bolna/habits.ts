import type { Habits } from '../provider.ts'

/** What is usual for Bolna. */
export const bolnaHabits = {
  /** Source: Bolna's auto-retry page leaves them out of `retry_on_statuses`. */
  neverRetried: ['balance-low', 'canceled', 'stopped'],
  final: {
    completed: {
      final: [
        'total_cost',
        'conversation_duration',
        'transcript',
        'extracted_data',
        'telephony_data.duration',
        'telephony_data.recording_url',
      ],
      expected: ['total_cost', 'conversation_duration'],
    },
  },
} as const satisfies Partial<Habits>
