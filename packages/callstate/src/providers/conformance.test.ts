import { createHmac } from 'node:crypto'
import { describe, test } from 'vitest'
import { type ProviderSamples, providerConformance } from '../testing/index.ts'
import { bolna } from './bolna/index.ts'
import { plivoCompleted, SEQUENCES } from './bolna/records.fixture.ts'
import { dialgen } from './dialgen/index.ts'
import {
  CALL_REPLY,
  DATA_WEBHOOK,
  EVENT_WEBHOOK,
  LIVE_STATUS,
  PERSISTENT_STATUS,
  RECENT_CALL,
} from './dialgen/messages.fixture.ts'

const bolnaSamples: ProviderSamples = {
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

const rawBody = JSON.stringify(DATA_WEBHOOK)
const secret = 'fictional'
const signature = createHmac('sha256', secret).update(rawBody).digest('hex')

const dialgenSamples: ProviderSamples = {
  messages: [
    { name: 'live status', body: LIVE_STATUS, expect: { status: 'initiated', kind: 'record' } },
    { name: 'persistent status', body: PERSISTENT_STATUS, expect: { status: 'completed' } },
    { name: 'flat webhook', body: EVENT_WEBHOOK, expect: { kind: 'webhook', occurredAt: null } },
    { name: 'webhook with call data', body: DATA_WEBHOOK, expect: { status: 'completed' } },
    { name: 'reply to a dial request', body: CALL_REPLY, expect: { kind: 'call-reply' } },
    { name: 'call of a batch', body: RECENT_CALL, ambiguous: 'half the world has id and status' },
  ],
  signed: { rawBody, secret, headers: { 'x-dialgen-signature': signature } },
}

describe.each([
  [bolna, bolnaSamples],
  [dialgen, dialgenSamples],
] as const)('$title', (provider, samples) => {
  for (const { name, run } of providerConformance(provider, samples)) test(name, run)
})
