import type { ProviderSamples } from '../../testing/index.ts'
import { CALL_ID, plivoCompleted, SEQUENCES } from './records.fixture.ts'

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
    {
      name: 'the reply to a request that places a call',
      body: { message: 'done', status: 'queued', execution_id: CALL_ID },
      expect: { status: 'queued', attempt: 1, kind: 'call-reply' },
    },
    {
      name: 'the reply to a request that stops a call',
      body: { message: 'done', status: 'stopped', execution_id: CALL_ID },
      expect: { status: 'stopped', kind: 'stop-reply' },
    },
    {
      name: 'a row of a list',
      kind: 'list-item',
      body: { id: CALL_ID, status: 'busy', created_at: '2026-01-26T10:00:00.123456+00:00' },
      expect: { status: 'busy', attempt: null, occurredAt: null, kind: 'list-item' },
    },
  ],
}
