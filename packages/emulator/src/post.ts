/** How a request to a receiver ended. */
export interface Posted {
  readonly answer: number | null
  readonly outcome: 'delivered' | 'refused' | 'timed-out' | 'unreachable' | 'aborted'
}

/** A request to a receiver. */
export interface PostRequest {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** How long the receiver may take, in milliseconds of real time. */
  readonly timeoutMs: number
  /** Gives the request up. */
  readonly signal: AbortSignal
}

/**
 * Sends one webhook and waits for the whole answer. Any 2xx is delivered; anything else, a redirect
 * too, is refused. Never rejects.
 */
export async function post(request: PostRequest): Promise<Posted> {
  const { url, body, headers, timeoutMs, signal } = request
  if (signal.aborted) return { answer: null, outcome: 'aborted' }
  const aborting = new AbortController()
  const abort = () => aborting.abort()
  const timer = setTimeout(abort, timeoutMs)
  signal.addEventListener('abort', abort)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
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
