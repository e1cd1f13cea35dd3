import type { EmulatedProvider } from '../index.ts'

export const AGENT = '123e4567-e89b-12d3-a456-426655440000'
export const NUMBER = '+12025550123'

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect.
  readonly body: any
}

/** A client as a user would write it: the documented paths after a base address. */
export function createClient({ url }: Pick<EmulatedProvider, 'url'>, key: string | null = 'key-1') {
  const authorization: Record<string, string> =
    key === null ? {} : { authorization: `Bearer ${key}` }
  const send = async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const isForm = body instanceof FormData
    const response = await fetch(url + path, {
      method,
      headers: { ...authorization, ...(isForm ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
  return {
    get: (path: string) => send('GET', path),
    post: (path: string, body?: unknown) => send('POST', path, body),
    patch: (path: string, body?: unknown) => send('PATCH', path, body),
    delete: (path: string) => send('DELETE', path),
    /** Places a call; answers its identifier. */
    async call(fields: Record<string, unknown> = {}): Promise<string> {
      const request = { agent_id: AGENT, recipient_phone_number: NUMBER, ...fields }
      const { status, body } = await send('POST', '/call', request)
      if (status !== 200) throw new Error(`POST /call: ${status} ${JSON.stringify(body)}`)
      return body.execution_id
    },
    async status(id: string): Promise<string> {
      return (await send('GET', `/executions/${id}`)).body.status
    },
  }
}
