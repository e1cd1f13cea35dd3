import type { EmulatedProvider } from './index.ts'

export const NUMBER = '+12025550123'

/** Numbers that are reserved for examples, a hundred of them. */
export function numberOf(index: number): string {
  return `+120255501${String(index % 100).padStart(2, '0')}`
}

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect.
  readonly body: any
}

/** Sends requests as a user's client would: the documented paths after a base address. */
export function createHttpClient({ url }: Pick<EmulatedProvider, 'url'>, key: string | null) {
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
  }
}
