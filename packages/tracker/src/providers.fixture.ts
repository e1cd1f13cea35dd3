import { defineProvider, type Provider, type ProviderEvent } from 'callstate/providers'

/** A provider whose message tells as many events of one call as it says. */
export function defineSeveral(): Provider {
  return defineProvider({
    name: 'several',
    statuses: { ringing: { status: 'ringing' }, done: { status: 'completed' } },
    recognizes: () => false,
    read({ body, kind }) {
      const { id, count } = body as { readonly id: string; readonly count: number }
      const events = Array.from(
        { length: count },
        (_, place): ProviderEvent => ({
          ...{ provider: 'several', callId: id, kind: kind ?? 'webhook', sequence: place },
          ...{ status: 'ringing', word: 'ringing', attempt: 1, occurredAt: place },
        }),
      )
      return { ok: true, type: 'events', events }
    },
  })
}

/** A provider that says the status in the address and the call in the body. */
export const byQuery: Provider = defineProvider({
  name: 'by-query',
  statuses: { ringing: { status: 'ringing' }, completed: { status: 'completed' } },
  recognizes: () => false,
  read({ body, query, kind }) {
    const word = query?.['status']
    const { id } = body as { readonly id: string }
    const status = word === 'ringing' || word === 'completed' ? word : null
    const event: ProviderEvent = {
      ...{ provider: 'by-query', callId: id, kind: kind ?? 'webhook' },
      ...{ status, word: String(word), attempt: 1, occurredAt: null },
    }
    return { ok: true, type: 'events', events: [event] }
  },
})
