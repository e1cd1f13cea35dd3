import type { CallDetail, Failure, PayloadDetail } from '../../src/wire.ts'

/** What came of a request. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string }

/** Asks for one call with its events. */
export function fetchCall(key: string, signal: AbortSignal): Promise<Answer<CallDetail>> {
  return ask<CallDetail>(`api/calls/${encodeURIComponent(key)}`, signal)
}

/** Asks for what is kept of one message, redacted. */
export function fetchPayload(key: string, sequence: number): Promise<Answer<PayloadDetail>> {
  return ask<PayloadDetail>(`api/calls/${encodeURIComponent(key)}/events/${sequence}`)
}

/** The address of the live stream. */
export function streamUrl(): string {
  return apiUrl('api/stream')
}

/**
 * Why the server does not open the stream, in its own words; null where it does, or cannot be reached
 * at all. An `EventSource` does not tell.
 */
export async function streamRefusal(): Promise<string | null> {
  const stop = new AbortController()
  try {
    const response = await fetch(streamUrl(), { signal: stop.signal })
    return response.ok ? null : await failureText(response)
  } catch {
    return null
  } finally {
    stop.abort()
  }
}

async function ask<Value>(path: string, signal: AbortSignal | null = null): Promise<Answer<Value>> {
  try {
    const response = await fetch(apiUrl(path), { signal })
    if (!response.ok) return { ok: false, message: await failureText(response) }
    // The page and its server are built from one contract; nothing else answers here.
    return { ok: true, value: (await response.json()) as Value }
  } catch {
    return { ok: false, message: 'The inspector cannot be reached. Is it still running?' }
  }
}

async function failureText(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as Failure
    return error.message
  } catch {
    return `The inspector answered with status ${response.status}.`
  }
}

// Relative to the page, which may stand under a prefix.
function apiUrl(path: string): string {
  return new URL(path, document.baseURI).href
}
