import type { StreamEvents } from '../../src/wire.ts'
import { streamRefusal, streamUrl } from './api.ts'

/** How the page stands with its server. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** The next try is at `retryAt`, by the page's own steady clock. `refusal` is what the server said, if anything. */
  | { readonly kind: 'disconnected'; readonly retryAt: number; readonly refusal: string | null }

/** What the stream tells, by the names of its events. */
export type StreamListener = {
  readonly [Name in keyof StreamEvents]: (data: StreamEvents[Name]) => void
}

/** A stream that is being kept open, as long as the page is. */
export interface Stream {
  /** Tries at once, where it waits for the next try. */
  tryNow(): void
}

/** How long it waits after a failure, and after further ones; the last one stays. */
const RETRY_DELAYS_MS = [1000, 2000, 4000, 8000] as const

/**
 * Keeps the live stream open. It reconnects by itself rather than let `EventSource` do so, because
 * that one does not say when it tries again, and gives up at the first refusal.
 */
export function openStream(listener: StreamListener, onChange: (now: Connection) => void): Stream {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  const connect = () => {
    clearTimeout(timer)
    timer = undefined
    onChange({ kind: 'connecting' })
    source = new EventSource(streamUrl())
    listen(source, 'hello', (data) => {
      failures = 0
      onChange({ kind: 'connected' })
      listener.hello(data)
    })
    listen(source, 'rows', listener.rows)
    listen(source, 'update', listener.update)
    source.onerror = () => void failed()
  }

  const failed = async () => {
    source?.close()
    source = null
    const delay = RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length - 1)] ?? 0
    failures += 1
    const retryAt = performance.now() + delay
    timer = setTimeout(connect, delay)
    const waiting = timer
    onChange({ kind: 'disconnected', retryAt, refusal: null })
    const refusal = await streamRefusal()
    if (refusal !== null && timer === waiting) onChange({ kind: 'disconnected', retryAt, refusal })
  }

  connect()
  return {
    tryNow() {
      if (timer !== undefined) connect()
    },
  }
}

function listen<Name extends keyof StreamEvents>(
  source: EventSource,
  name: Name,
  take: (data: StreamEvents[Name]) => void,
): void {
  source.addEventListener(name, (message) => {
    take(JSON.parse(message.data) as StreamEvents[Name])
  })
}
