import type { Delivery, DeliveryHeaders } from 'callstate/providers'

/** How a request to a receiver ended. */
export interface Sent {
  readonly answer: number | null
  readonly outcome: 'delivered' | 'refused' | 'timed-out' | 'unreachable' | 'aborted'
}

/** How a request is made. */
export interface SendOptions {
  /** How long the receiver may take, in milliseconds of real time. */
  readonly timeoutMs: number
  /** Gives the request up. */
  readonly signal: AbortSignal
}

/**
 * Sends one webhook and waits for the whole answer. Any 2xx is delivered; anything else, a redirect
 * too, is refused. Never rejects.
 */
export async function send(delivery: Delivery, { timeoutMs, signal }: SendOptions): Promise<Sent> {
  if (signal.aborted) return { answer: null, outcome: 'aborted' }
  const aborting = new AbortController()
  const abort = () => aborting.abort()
  const timer = setTimeout(abort, timeoutMs)
  signal.addEventListener('abort', abort)
  const { method, url, headers, rawBody } = delivery
  try {
    const response = await fetch(url, {
      method,
      headers: pairsOf(headers),
      ...(method === 'GET' ? {} : { body: rawBody.slice() }),
      redirect: 'manual',
      signal: aborting.signal,
    })
    // Read to its end, so that the connection can be used again; kept nowhere, since it may be endless.
    const reader = response.body?.getReader()
    while (reader !== undefined && !(await reader.read()).done);
    return { answer: response.status, outcome: response.ok ? 'delivered' : 'refused' }
  } catch {
    if (signal.aborted) return { answer: null, outcome: 'aborted' }
    return { answer: null, outcome: aborting.signal.aborted ? 'timed-out' : 'unreachable' }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

function pairsOf(headers: DeliveryHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (value === undefined ? [] : [value].flat()).map((one): [string, string] => [name, one]),
  )
}
