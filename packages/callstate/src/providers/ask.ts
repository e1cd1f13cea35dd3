import type { DeliveryHeaders } from './message.ts'

/** How a request to a provider's API shows who asks. The key of `basic` is `user:password`. */
export type AskAuth =
  | 'bearer'
  | 'basic'
  | 'none'
  /** The key as it is, in this header. */
  | { readonly header: string }
  /** Headers that are made anew for each request, such as a short-lived token. */
  | ((request: AskRequest, key: string, now: number) => DeliveryHeaders | Promise<DeliveryHeaders>)

/** One request to a provider's API. */
export interface AskRequest {
  /** `GET` where it is left out. */
  readonly method?: 'GET' | 'POST'
  /** From the base address on, beginning with a slash, its parts escaped; with the query. */
  readonly path: string
  /** Plain data, sent as JSON. */
  readonly body?: unknown
}

/** A question about one call. */
export interface RecordQuestion {
  readonly callId: string
  /** When the call was first heard of, in milliseconds since 1970. */
  readonly openedAt: number
  readonly now: number
  /** The part of a `basic` key before the colon, which some providers repeat in the path; else null. */
  readonly account: string | null
}

/** A question for one page of a provider's list of calls. */
export interface ListQuestion {
  /**
   * The period, in milliseconds since 1970; null for no bound. Both are there where the list has a
   * `maxRangeMs`. A provider that cannot ask for a period answers with more than was asked for.
   */
  readonly from: number | null
  readonly to: number | null
  /** Whose calls, where the provider lists them under something (`AskList.scope`); else null. */
  readonly scope: string | null
  /** What the page before gave as `next`; null for the first page. */
  readonly cursor: string | null
  readonly account: string | null
}

/** One page of a provider's list. */
export interface ListPage {
  /** Its rows, each read as a message of the kind `list-item`. */
  readonly items: readonly unknown[]
  /** What asks for the page after it; null for the last one. */
  readonly next: string | null
}

/** How a provider lists calls. */
export interface AskList {
  /**
   * The longest period that one question may span, in milliseconds: who asks for a longer one asks
   * several times. Null for no limit.
   */
  readonly maxRangeMs: number | null
  /**
   * What calls are listed under, in words for who must name it: `the agent_id whose executions are
   * listed`. Left out where the list is the account's.
   */
  readonly scope?: string
  request(question: ListQuestion): AskRequest
  /** Reads a page; null for what is none. Pure; never throws. */
  readPage(body: unknown, question: ListQuestion): ListPage | null
}

/** How a provider is asked what it knows of its calls. */
export interface Ask {
  readonly baseUrl: string
  readonly auth: AskAuth
  /** Requests a minute that leave room for others; null where the provider publishes no limit. */
  readonly perMinute: number | null
  /**
   * The requests for a call's record, in the order in which they are tried: the first that is not answered
   * with 404 counts. None for what is no identifier of this provider's. Never throws.
   */
  record(question: RecordQuestion): readonly AskRequest[]
  readonly list?: AskList
  /** Addresses of the documents that say so. */
  readonly sources: readonly string[]
}
