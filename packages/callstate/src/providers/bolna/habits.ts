import type { Habits } from '../provider.ts'

/** What is usual for Bolna. */
export const bolnaHabits = {
  // The default budgets are Bolna's: see `DEFAULTS.budgetsMs`. Its retries are said in every message.
  /** Source: Bolna's auto-retry page leaves them out of `retry_on_statuses`. */
  neverRetried: ['balance-low', 'canceled', 'stopped'],
  /**
   * Stated of `completed` alone, "all fields populated" (https://www.bolna.ai/docs/api-reference/errors);
   * observed in records of `call-disconnected`: costs without network and platform, an empty recording
   * address, a duration of 0.0. Ends without a connection have none of these, and what the others hold is
   * documented nowhere. Extracted data may come with a second message of the same end.
   */
  final: {
    completed: {
      final: [
        'conversation_duration',
        'transcript',
        'total_cost',
        'cost_breakdown',
        'extracted_data',
        'agent_extraction',
        'telephony_data.duration',
        'telephony_data.recording_url',
      ],
      expected: ['conversation_duration', 'total_cost'],
    },
  },
} as const satisfies Partial<Habits>
