/** A question about one call. */
export interface FetchQuestion {
  /** The provider's identifier of the call. */
  readonly callId: string
  /** When we first heard of the call, and now; ms since 1970 by our clock. */
  readonly openedAt: number
  readonly now: number
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** What a provider says when it is asked about a call. */
export type FetchAnswer =
  /** Its record of the call, such as `JSON.parse` gives; read by the provider as a `record`. */
  | { readonly kind: 'message'; readonly body: unknown }
  /** It does not know the call, or not any more. It does not say that the call has ended. */
  | { readonly kind: 'unknown-call' }
  /** It is asked too much; `retryAfterMs` is when it may be asked again, where it says so. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number | null }

/**
 * Asks one provider about calls: `createFetcher` makes one, or it is your own. It throws where no such
 * answer comes, whatever the reason; the poller then asks again later. What it throws must hold no
 * secret: its name is logged.
 *
 * @example
 * const fetcher: Fetcher = {
 *   provider: 'acme',
 *   fetch: async ({ callId }) => ({ kind: 'message', body: await acme.calls.get(callId) }),
 * }
 */
export interface Fetcher {
  /** The provider's name, as the tracker knows it. */
  readonly provider: string
  /** How many questions a minute the provider bears; the poller's own default where it is left out. */
  readonly perMinute?: number
  fetch(question: FetchQuestion): Promise<FetchAnswer>
}
