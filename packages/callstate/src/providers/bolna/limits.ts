const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

/**
 * Limits of Bolna's API that matter to whoever polls it. All are stated; `Retry-After` is not. Source:
 * https://www.bolna.ai/docs/api-reference/rate-limiting, `pagination` and `errors` beside it.
 */
export const BOLNA_API_LIMITS = {
  /** Requests a minute to `POST /call`, to an agent and to an agent's executions, each. */
  requestsPerMinute: 500,
  /** Requests a minute to every other endpoint. */
  otherRequestsPerMinute: 1000,
  defaultPageSize: 20,
  maxPageSize: 50,
  /** `from` and `to` go together and lie no further apart. */
  maxRangeMs: 7 * 24 * 60 * MINUTE_MS,
  /** How often the loop in the documents asks for an execution. */
  pollIntervalMs: 5 * SECOND_MS,
} as const

/**
 * What Bolna demands of `scheduled_at`. Source: https://www.bolna.ai/docs/api-reference/errors. A time
 * that ends in `Z` is answered with status 500: write the offset, such as `+00:00`.
 */
export const BOLNA_SCHEDULING = {
  /** How far ahead the time must lie at least; else the answer has status 400. */
  minLeadMs: 2 * MINUTE_MS,
  /** The time is rounded up to the next multiple of this. */
  roundedUpToMs: 10 * MINUTE_MS,
} as const
