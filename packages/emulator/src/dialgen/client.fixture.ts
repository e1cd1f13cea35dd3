import { createHttpClient, NUMBER } from '../http-client.fixture.ts'
import type { EmulatedProvider } from '../index.ts'

/** The least that a dial request must say. */
export const DIAL = { to: NUMBER, agentConfigId: 'agent_123', userId: 'user_789' } as const

/** Reserved numbers, each of its own. */
export const numberOf = (index: number) => `+12025550${100 + index}`

/** A client as a user would write it: the documented paths after a base address. */
export function createClient(
  provider: Pick<EmulatedProvider, 'url'>,
  key: string | null = 'key-1',
) {
  const client = createHttpClient(provider, key)
  return {
    ...client,
    /** Places a call, with this fate where one is given; answers its identifier. */
    async dial(fields: Record<string, unknown> = {}, fate?: string): Promise<string> {
      const callerDetails = fate === undefined ? {} : { metadata: { emulated_fate: fate } }
      const { status, body } = await client.post('/api/v1/call/dial', {
        ...DIAL,
        callerDetails,
        ...fields,
      })
      if (status !== 200) throw new Error(`dial: ${status} ${JSON.stringify(body)}`)
      return body.callId
    },
    live: (id: string) => client.get(`/api/v1/status/call?callId=${id}`),
    persistent: (id: string) => client.get(`/api/v1/call/check-status?callId=${id}`),
    /** Creates a batch of this many contacts, with these options; answers its identifier. */
    async batch(contacts: number, options: Record<string, unknown> = {}, fate?: string) {
      const metadata = fate === undefined ? {} : { emulated_fate: fate }
      const { status, body } = await client.post('/api/v1/batch', {
        agentId: 'agent_123',
        contacts: Array.from({ length: contacts }, (_, index) => ({
          phoneNumber: numberOf(index),
          metadata,
        })),
        options,
      })
      if (status !== 202) throw new Error(`batch: ${status} ${JSON.stringify(body)}`)
      return body.batchId as string
    },
    batchStatus: async (id: string, more = '') =>
      (await client.get(`/api/v1/batch/check-status?batchId=${id}${more}`)).body,
    /** The live status of the batch's calls. */
    batchCalls: async (id: string) =>
      (await client.get(`/api/v1/status/batch?batchId=${id}`)).body.calls as {
        readonly callId: string
        readonly status: string
      }[],
    cancel: (id: string) => client.post(`/api/v1/batch/cancel?batchId=${id}`),
  }
}
