import { createHmac } from 'node:crypto'
import type { ProviderSamples } from '../../testing/index.ts'
import {
  CALL_REPLY,
  DATA_WEBHOOK,
  EVENT_WEBHOOK,
  LIVE_STATUS,
  PERSISTENT_STATUS,
  RECENT_CALL,
} from './messages.fixture.ts'

const body = JSON.stringify(DATA_WEBHOOK)
const key = 'fictional'
const signature = createHmac('sha256', key).update(body).digest('hex')

/** What the conformance suite is given. */
export const samples: ProviderSamples = {
  // Its webhooks tell ends alone.
  untold: { webhook: ['queued', 'initiated'] },
  messages: [
    { name: 'live status', body: LIVE_STATUS, expect: { status: 'initiated', kind: 'record' } },
    { name: 'persistent status', body: PERSISTENT_STATUS, expect: { status: 'completed' } },
    { name: 'flat webhook', body: EVENT_WEBHOOK, expect: { kind: 'webhook', occurredAt: null } },
    { name: 'webhook with call data', body: DATA_WEBHOOK, expect: { status: 'completed' } },
    ...(
      [
        ['BUSY', 'busy'],
        ['INSUFFICIENT_CREDITS', 'balance-low'],
      ] as const
    ).map(([error, status]) => ({
      name: `failed with ${error}`,
      body: { ...EVENT_WEBHOOK, status: 'FAILED', error },
      expect: { status, word: 'FAILED' },
    })),
    { name: 'reply to a dial request', body: CALL_REPLY, expect: { kind: 'call-reply' } },
    { name: 'call of a batch', body: RECENT_CALL, ambiguous: 'half the world has id and status' },
  ],
  signed: [
    {
      delivery: {
        contentType: 'application/json',
        body,
        headers: { 'x-dialgen-signature': signature },
      },
      key,
      now: 0,
    },
  ],
}
