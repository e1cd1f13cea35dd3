import { createHttpClient, NUMBER, type Reply } from '../http-client.fixture.ts'
import type { EmulatedProvider } from '../index.ts'

export const AGENT = '123e4567-e89b-12d3-a456-426655440000'
export { NUMBER, type Reply }

/** A client as a user would write it: the documented paths after a base address. */
export function createClient(
  provider: Pick<EmulatedProvider, 'url'>,
  key: string | null = 'key-1',
) {
  const client = createHttpClient(provider, key)
  return {
    ...client,
    /** Places a call; answers its identifier. */
    async call(fields: Record<string, unknown> = {}): Promise<string> {
      const request = { agent_id: AGENT, recipient_phone_number: NUMBER, ...fields }
      const { status, body } = await client.post('/call', request)
      if (status !== 200) throw new Error(`POST /call: ${status} ${JSON.stringify(body)}`)
      return body.execution_id
    },
    async status(id: string): Promise<string> {
      return (await client.get(`/executions/${id}`)).body.status
    },
  }
}
