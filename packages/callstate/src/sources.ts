import type { SourceId } from './lifecycle.ts'

/**
 * The documents behind the marks in `LIFECYCLE`: title and address. `reading` stands for no document:
 * the move is our reading of the words and of what carriers do.
 */
export const SOURCES: Readonly<Record<SourceId, { readonly title: string; readonly url: string }>> =
  {
    'status-list': {
      title: 'Bolna: List of call statuses',
      url: 'https://www.bolna.ai/docs/list-phone-call-status',
    },
    'call-flow': {
      title: 'Bolna: Outbound call flow',
      url: 'https://www.bolna.ai/docs/concepts/call-flow',
    },
    errors: {
      title: 'Bolna: Errors and status codes',
      url: 'https://www.bolna.ai/docs/api-reference/errors',
    },
    guardrails: {
      title: 'Bolna: Calling guardrails',
      url: 'https://www.bolna.ai/docs/outbound/calling-guardrails',
    },
    'stop-api': {
      title: 'Bolna: Stop a queued or scheduled call (OpenAPI document)',
      url: 'https://github.com/bolna-ai/skills/blob/main/references/openapi.yml',
    },
    'statuses-skill': {
      title: 'Bolna: call-statuses.md',
      url: 'https://github.com/bolna-ai/skills/blob/main/references/call-statuses.md',
    },
    reading: { title: 'Our reading; no document states it', url: '' },
  }
