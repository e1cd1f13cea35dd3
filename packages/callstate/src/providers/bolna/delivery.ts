import type { DeliveryFacts } from '../provider.ts'

/** How Bolna delivers its webhooks, as its documents state it. */
export const bolnaDelivery = {
  ordered: false,
  repeats: true,
  /** On any answer but 2xx and on none in time; neither schedule nor number of tries is published. */
  retryDelaysMs: null,
  eventIdField: null,
  sequenceField: null,
  /** The record's last change: the nearest thing to the time of an event that there is. */
  eventTimeField: 'updated_at',
  /** Older pages name the first address only; since about August 2026 deliveries come from all three. */
  sourceAddresses: ['13.203.39.153', '13.126.9.249', '13.202.133.53'],
  sources: [
    'https://www.bolna.ai/docs/guides/post-call/polling-call-status-webhooks',
    'https://www.bolna.ai/docs/concepts/security',
    'https://www.bolna.ai/docs/api-reference/limits',
    'https://github.com/bolna-ai/skills/blob/main/references/execution-payload.md',
  ],
} as const satisfies DeliveryFacts
