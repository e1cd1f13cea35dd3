import type { ProviderSamples } from '../../testing/index.ts'
import { plivoCompleted, SEQUENCES } from './records.fixture.ts'

/** What the conformance suite is given. */
export const samples: ProviderSamples = {
  messages: [
    ...SEQUENCES.map(({ title, messages }) => ({
      name: title,
      body: messages.at(-1),
      statusAt: ['status'],
    })),
    {
      name: 'completed',
      body: plivoCompleted,
      expect: { status: 'completed', attempt: 1, kind: 'webhook' },
      statusAt: ['status'],
    },
  ],
}
