import {
  type Ask,
  type AskList,
  type AskRequest,
  defineProvider,
  type ListQuestion,
  type MessageKind,
  type ProviderDeclaration,
} from 'callstate/providers'
import { DEFAULTS } from '../defaults.ts'
import { TrackerError } from '../error.ts'
import { type Sleep, sleep } from '../sleep.ts'
import type { FetchAnswer, Fetcher } from './fetcher.ts'
import { askFailed } from './json-answer.ts'
import { createPace, type Pace } from './pace.ts'
import { createProviderApi, type ProviderApi, type ProviderApiOptions } from './provider-api.ts'

/** How a provider is asked. */
export interface FetcherOptions extends ProviderApiOptions {
  /** Questions a minute; as many as the provider's own declaration says where it is left out. */
  readonly perMinute?: number
  /** Our clock, in ms since 1970. */
  readonly now?: () => number
  /** How to wait between pages; real time by default. */
  readonly sleep?: Sleep
}

/** Which calls to list. */
export interface ListedPeriod {
  /** The period, in ms since 1970; left out for no bound. */
  readonly from?: number | null
  readonly to?: number | null
  /** Whose calls, where the provider lists them under something: Bolna's agent. */
  readonly scope?: string | null
  /** Ends the listing. */
  readonly signal?: AbortSignal
}

/** One row of a provider's list of calls; `tracker.ingest` takes it as it is. */
export interface ListedMessage {
  readonly provider: string
  readonly kind: MessageKind & 'list-item'
  readonly body: unknown
}

/** A fetcher that can list calls too. */
export interface ProviderFetcher extends Fetcher {
  /**
   * The calls of a period, page by page, as many questions a minute as the provider bears; a period that
   * is longer than it allows is asked for in parts. What the provider refuses because it is asked too
   * much is asked again; every other failure throws a `TrackerError` with code `ask-failed`. Throws
   * `invalid-option` where the provider lists nothing.
   */
  list(period?: ListedPeriod): AsyncGenerator<ListedMessage, void, undefined>
}

/**
 * Makes what asks a provider about its calls, as the provider declares it. Throws a `TrackerError` with
 * code `invalid-option` for a provider that answers no questions, and for a key or an address that
 * cannot be sent. No error ever holds the key.
 *
 * @example
 * const fetcher = createFetcher(bolna, { key: process.env.BOLNA_API_KEY ?? '' })
 * tracker.poll({ fetchers: [fetcher] })
 */
export function createFetcher(
  declaration: ProviderDeclaration,
  options: FetcherOptions,
): ProviderFetcher {
  const provider = defineProvider(declaration)
  const { name, ask } = provider
  if (ask === null) throw invalid(`${provider.title} declares no "ask", so it cannot be asked.`)
  const api = createProviderApi(ask, options)
  const perMinute = options.perMinute ?? ask.perMinute ?? null
  return {
    provider: name,
    ...(perMinute !== null && { perMinute }),
    async fetch({ callId, openedAt, now, signal }) {
      const { account } = api
      const requests = worded(() => ask.record({ callId, openedAt, now, account }))
      if (callId === '' || requests.length === 0) throw askFailed(UNSAYABLE)
      let answer: FetchAnswer = { kind: 'unknown-call' }
      for (const request of requests) {
        answer = await api.send(request, { now, signal })
        if (answer.kind !== 'unknown-call') break
      }
      return answer
    },
    list(period = {}) {
      if (ask.list === undefined) throw invalid(`${provider.title} declares no list of its calls.`)
      return listedBy({ provider: name, list: ask.list, api, perMinute, options }, period)
    },
  }
}

const UNSAYABLE = "The call's identifier cannot be put into an address."

interface Listing {
  readonly provider: string
  readonly list: AskList
  readonly api: ProviderApi
  readonly perMinute: number | null
  readonly options: FetcherOptions
}

async function* listedBy(
  { provider, list, api, perMinute, options }: Listing,
  { from = null, to = null, scope = null, signal = NEVER }: ListedPeriod,
): AsyncGenerator<ListedMessage, void, undefined> {
  const { now = Date.now, sleep: wait = sleep } = options
  const { backoff, maxPauseMs, perMinute: usual } = DEFAULTS.poller
  const limits = { perMinute: perMinute ?? usual, backoff, maxPauseMs }
  const pace = createPace({ ...limits, now, sleep: wait, signal })
  const pages: Pages = { list, api, pace, now, wait, signal }
  for (const part of partsOf(from, to, list.maxRangeMs, now)) {
    let cursor: string | null = null
    do {
      const question: ListQuestion = { ...part, scope, cursor, account: api.account }
      const page = await pageFor(pages, question)
      for (const body of page.items) yield { provider, kind: 'list-item', body }
      if (page.next !== null && page.next === cursor) {
        throw askFailed('The provider gave the same page of its list again.')
      }
      cursor = page.next
    } while (cursor !== null)
  }
}

interface Pages {
  readonly list: AskList
  readonly api: ProviderApi
  readonly pace: Pace
  readonly now: () => number
  readonly wait: Sleep
  readonly signal: AbortSignal
}

async function pageFor({ list, api, pace, now, wait, signal }: Pages, question: ListQuestion) {
  const request = worded(() => list.request(question))
  for (let tries = 0; tries < DEFAULTS.fetcher.maxTries; tries++) {
    await pace.turn()
    const pausedUntil = pace.pausedUntil()
    if (pausedUntil !== null) await wait(pausedUntil - now(), signal)
    signal.throwIfAborted()
    const answer = await api.send(request, { now: now(), signal })
    if (answer.kind === 'limited') {
      pace.limited(answer.retryAfterMs)
      continue
    }
    pace.answered()
    const page = answer.kind === 'message' ? list.readPage(answer.body, question) : null
    if (page === null) throw askFailed('The provider answered with no page of its list.')
    return page
  }
  throw askFailed('The provider says that it is asked too much.')
}

/** A period in parts that the provider allows; one without a beginning is asked for as it is. */
function* partsOf(
  from: number | null,
  to: number | null,
  maxRangeMs: number | null,
  now: () => number,
): Generator<Pick<ListQuestion, 'from' | 'to'>> {
  if (from === null || maxRangeMs === null) return yield { from, to }
  const end = to ?? now()
  let begin = from
  do {
    const partEnd = Math.min(begin + maxRangeMs, end)
    yield { from: begin, to: partEnd }
    begin = partEnd
  } while (begin < end)
}

/** The provider's request; where it throws, as for half a character, there is none. */
function worded<Request extends AskRequest | ReturnType<Ask['record']>>(
  word: () => Request,
): Request {
  try {
    return word()
  } catch {
    throw askFailed(UNSAYABLE)
  }
}

const NEVER = new AbortController().signal

function invalid(message: string): TrackerError {
  return new TrackerError('invalid-option', message)
}
