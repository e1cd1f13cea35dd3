import {
  DEFAULTS,
  isTrackerError,
  type ListQuery,
  type Page,
  type Tracker,
} from '@callstate/tracker'
import type { Context, Hono } from 'hono'
import {
  callJsonOf,
  deadLetterOf,
  historyItemOf,
  overdueOf,
  summaryOf,
} from '../calls/call-json.ts'
import { callQuery, OVERDUE_REASONS, oneOf, wholeNumber } from '../calls/call-query.ts'
import { UsageError } from '../command/usage-error.ts'
import type { WholeRange } from '../command/whole-number.ts'
import { refusalOf } from '../server/access.ts'

/** Sequences of a history are 32-bit numbers in every store. */
const MAX_SEQUENCE = 2 ** 31 - 1

const MAX_LIMIT = DEFAULTS.page.maxLimit

/** Entries of a history on one page. */
export const HISTORY_PAGE_SIZE = 100

/** What the read API needs. */
export interface ReadApiOptions {
  readonly tracker: Tracker
  /** What callers must show; null where the server listens on loopback only. */
  readonly token: string | null
}

/** What there is to read, for people who look around. */
export const READ_ROUTES: readonly string[] = [
  'GET /health',
  'GET /calls?provider=&status=&class=&phase=&group=&settled=&limit=&cursor=',
  'GET /calls/:provider/:id',
  'GET /calls/:provider/:id/history?after=&limit=',
  'GET /overdue?why=&provider=&status=&class=&phase=&group=&limit=&cursor=',
  'GET /dead-letters?consumer=&limit=&cursor=',
]

/** Adds the read API: JSON over what the tracker keeps. What was added before stays open to everybody. */
export function addReadApi(api: Hono, { tracker, token }: ReadApiOptions): void {
  api.use(async (context, next) => {
    context.header('cache-control', 'no-store')
    context.header('x-content-type-options', 'nosniff')
    const refusal = refusalOf(context.req, token)
    if (refusal === null) return next()
    if (refusal.status === 401) context.header('www-authenticate', 'Bearer')
    return fail(context, refusal.status, refusal.message)
  })

  const names = tracker.providers.map(({ name }) => name)
  api.get('/calls', async (context) => {
    const page = await tracker.list(listQuery(context, [...FILTERS, 'settled'], names))
    return context.json(pageOf(page, summaryOf))
  })
  api.get('/overdue', async (context) => {
    const now = tracker.now()
    const { why } = parameters(context, [...FILTERS, 'why'])
    const query = {
      ...listQuery(context, [...FILTERS, 'why'], names),
      ...(why !== undefined && { why: oneOf('why', OVERDUE_REASONS, why) }),
    }
    const page = await tracker.overdue({ ...query, now })
    return context.json(pageOf(page, (row) => overdueOf(row, now)))
  })
  api.get('/calls/:provider/:id', async (context) => {
    parameters(context, [])
    const found = await tracker.get(refOf(context))
    if (found === null) return unknownCall(context)
    return context.json(callJsonOf(found, tracker.provider(found.provider)))
  })
  api.get('/calls/:provider/:id/history', async (context) => {
    const words = parameters(context, ['after', 'limit'])
    const after = number(words, 'after', { lowest: 0, highest: MAX_SEQUENCE }) ?? 0
    const limit = number(words, 'limit', { lowest: 1, highest: MAX_LIMIT }) ?? HISTORY_PAGE_SIZE
    const entries = await tracker.history(refOf(context), { after, limit: limit + 1 })
    if (entries.length === 0 && (await tracker.get(refOf(context))) === null) {
      return unknownCall(context)
    }
    const items = entries.slice(0, limit)
    const next = entries.length > limit ? (items.at(-1)?.sequence ?? null) : null
    return context.json({ items: items.map(historyItemOf), next })
  })
  api.get('/dead-letters', async (context) => {
    const { consumer, cursor, ...words } = parameters(context, ['consumer', 'limit', 'cursor'])
    const limit = number(words, 'limit', { lowest: 1, highest: MAX_LIMIT })
    const page = await tracker.deadLetters({
      ...(consumer !== undefined && { consumer }),
      ...(limit !== undefined && { limit }),
      ...(cursor !== undefined && { cursor }),
    })
    return context.json(pageOf(page, deadLetterOf))
  })
}

/** Answers a question that was wrong, or that the database did not answer; null for any other error. */
export function answerError(error: unknown, context: Context): Response | null {
  if (error instanceof UsageError) return fail(context, 400, sentence(error.message))
  if (!isTrackerError(error)) return null
  if (error.code === 'invalid-option') return fail(context, 400, error.message)
  return fail(context, 503, 'The database did not answer. Try again later.')
}

/** An error as JSON. */
export function fail(
  context: Context,
  status: 400 | 401 | 403 | 404 | 405 | 500 | 503,
  message: string,
): Response {
  return context.json({ error: { status, message } }, status)
}

const FILTERS = ['provider', 'status', 'class', 'phase', 'group', 'limit', 'cursor'] as const

function listQuery<Name extends string>(
  context: Context,
  known: readonly Name[],
  providers: readonly string[],
): ListQuery {
  const words: Words<string> = parameters(context, known)
  const limit = number(words, 'limit', { lowest: 1, highest: MAX_LIMIT })
  const cursor = words['cursor']
  return {
    ...callQuery(words, providers),
    ...(limit !== undefined && { limit }),
    ...(cursor !== undefined && { cursor }),
  }
}

type Words<Name extends string> = { readonly [Key in Name]?: string }

/** The query's words by their names: unknown and repeated names are refused, empty words left out. */
function parameters<Name extends string>(context: Context, known: readonly Name[]): Words<Name> {
  const words: { [Key in Name]?: string } = {}
  for (const [given, values] of Object.entries(context.req.queries())) {
    const name = known.find((one) => one === given)
    const [value, ...others] = values
    if (name === undefined) {
      const expected = known.length === 0 ? 'no parameters' : `parameters among ${known.join(', ')}`
      throw new UsageError(`expected ${expected}, got another one.`)
    }
    if (others.length > 0) throw new UsageError(`expected "${name}" once, got it more often.`)
    if (value !== undefined && value !== '') words[name] = value
  }
  return words
}

function number(words: Words<string>, name: string, range: WholeRange): number | undefined {
  const word = words[name]
  return word === undefined ? undefined : wholeNumber(name, word, range)
}

function refOf(context: Context): { readonly provider: string; readonly callId: string } {
  return { provider: context.req.param('provider') ?? '', callId: context.req.param('id') ?? '' }
}

function unknownCall(context: Context): Response {
  return fail(context, 404, 'Nothing was heard of such a call. GET /calls lists those there are.')
}

function pageOf<Row, Item>({ items, next }: Page<Row>, read: (row: Row) => Item): Page<Item> {
  return { items: items.map(read), next }
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1)
}
