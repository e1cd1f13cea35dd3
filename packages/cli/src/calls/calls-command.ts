import {
  DEFAULTS,
  type ListQuery,
  type OverdueCall,
  type OverdueReason,
  type Page,
  type TrackedCall,
  type Tracker,
} from '@callstate/tracker'
import type { Provider } from 'callstate/providers'
import { type Colors, colorsOf, jsonText, type Terminal, write } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { chooseProvider } from '../providers/choose-providers.ts'
import { overdueOf, summaryOf } from './call-json.ts'
import { callQuery, OVERDUE_REASONS, type QueryWords } from './call-query.ts'
import { callsText, moreText, overdueText } from './calls-text.ts'
import type { DatabaseOptions } from './database-options.ts'
import { withTracker } from './open-tracker.ts'

/** The options of every list of calls. */
export interface ListOptions extends DatabaseOptions, Omit<QueryWords, 'settled'> {
  readonly limit: number
  readonly format: 'text' | 'ndjson' | 'json'
}

/** The options of `callstate calls`. */
export interface CallsOptions extends ListOptions {
  readonly settled?: true
  readonly open?: true
}

/** The options of `callstate overdue`. */
export interface OverdueOptions extends ListOptions {
  /** The only reason that is asked for; either one where it is left out. */
  readonly why?: OverdueReason
  /** Whether missing data count for the exit code too. */
  readonly data: boolean
}

/** Runs `callstate calls` and gives its exit code. */
export async function runCalls(
  options: CallsOptions,
  terminal: Terminal,
  now: () => number = Date.now,
): Promise<number> {
  const { settled = false, open = false } = options
  if (settled && open) throw new UsageError('expected --settled or --open, got both.')
  const { providers, filter } = await asked(options)
  const query = { ...filter, ...(settled !== open && { settled }) }
  return withTracker(options, { now, providers }, (tracker) =>
    printList(options, terminal, {
      page: (part) => tracker.list({ ...query, ...part }),
      item: summaryOf,
      text: (rows: readonly TrackedCall[], colors) => callsText(rows, tracker.now(), colors),
    }),
  )
}

/**
 * Runs `callstate overdue` and gives its exit code: 1 where a call that is listed is silent, and with
 * `data` also where data of one are missing.
 */
export async function runOverdue(
  options: OverdueOptions,
  terminal: Terminal,
  now: () => number = Date.now,
): Promise<number> {
  const { why, data } = options
  const { providers, filter } = await asked(options)
  const query = { ...filter, ...(why !== undefined && { why }) }
  const counting = OVERDUE_REASONS.filter(
    (one) => (why ?? one) === one && (one === 'silent' || data),
  )
  return withTracker(options, { now, providers }, async (tracker: Tracker) => {
    // One moment for all pages: a list that grows while it is read has no order.
    const at = tracker.now()
    const found = counting.map((one) => tracker.overdue({ ...filter, why: one, now: at, limit: 1 }))
    const isBad = (await Promise.all(found)).some(({ items }) => items.length > 0)
    await printList(options, terminal, {
      page: (part) => tracker.overdue({ ...query, ...part, now: at }),
      item: (row) => overdueOf(row, at),
      text: (rows: readonly OverdueCall[], colors) => overdueText(rows, at, colors),
    })
    return isBad ? 1 : 0
  })
}

/** What calls are asked for, with the provider by its name. */
async function asked(
  options: ListOptions,
): Promise<{ readonly providers: readonly Provider[]; readonly filter: ListQuery }> {
  const { provider, known } = await chooseProvider(options.provider)
  const words = { ...options, provider: provider?.name, settled: undefined }
  const names = known.map(({ name }) => name)
  return { providers: known, filter: callQuery(words, names) }
}

interface Listing<Row> {
  page(part: Pick<ListQuery, 'limit' | 'cursor'>): Promise<Page<Row>>
  item(row: Row): unknown
  text(rows: readonly Row[], colors: Colors): string
}

async function printList<Row>(
  { limit, format }: ListOptions,
  terminal: Terminal,
  { page, item, text }: Listing<Row>,
): Promise<0> {
  const { stdout, stderr } = terminal
  const rows: Row[] = []
  let cursor: string | null = null
  let left = limit
  do {
    const { items, next }: Page<Row> = await page({
      limit: Math.min(left, DEFAULTS.page.maxLimit),
      cursor,
    })
    left -= items.length
    cursor = next
    if (format === 'ndjson') {
      await write(stdout, items.map((row) => `${JSON.stringify(item(row))}\n`).join(''))
    } else rows.push(...items)
  } while (cursor !== null && left > 0)
  switch (format) {
    case 'ndjson':
      break
    case 'json': {
      const answer = { calls: rows.map(item), more: cursor !== null }
      await write(stdout, jsonText(answer))
      break
    }
    case 'text':
      await write(stdout, text(rows, colorsOf(terminal)))
      break
    default:
      return format satisfies never
  }
  if (cursor !== null && format !== 'json') {
    await write(stderr, moreText(limit))
  }
  return 0
}
