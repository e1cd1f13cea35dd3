import { DEFAULTS } from '../defaults.ts'
import { TrackerError } from '../error.ts'

/** Which page of a list is wanted. */
export interface PageQuery {
  /** Items on the page, 1 to `DEFAULTS.page.maxLimit`; `DEFAULTS.page.limit` when left out. */
  readonly limit?: number
  /** Where the page begins: `next` of the page before; null or left out for the first. */
  readonly cursor?: string | null
}

/** Some of a list, and where it goes on. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null
}

/** How many items the page may have. Throws a `TrackerError` with code `invalid-option`. */
export function limitOf(query: PageQuery): number {
  const { maxLimit } = DEFAULTS.page
  const limit = query.limit ?? DEFAULTS.page.limit
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return limit
  throw new TrackerError(
    'invalid-option',
    `Expected "limit" to be a whole number from 1 to ${maxLimit}; got another value.`,
  )
}

/**
 * The page of what was found, which is one item more than `limit` where the list goes on. `positionOf`
 * gives the parts that the cursor keeps of an item's place, for `readCursor`.
 */
export function pageOf<Item>(
  found: readonly Item[],
  limit: number,
  positionOf: (item: Item) => readonly unknown[],
): Page<Item> {
  const items = found.slice(0, limit)
  const last = found.length > limit ? items.at(-1) : undefined
  if (last === undefined) return { items, next: null }
  return { items, next: Buffer.from(JSON.stringify(positionOf(last))).toString('base64url') }
}

/**
 * The position after which the page begins; null for the first page. `read` makes it of the parts that
 * the cursor holds, or gives null where they are none. Throws a `TrackerError` with code
 * `invalid-option` for what is no cursor of this list.
 */
export function readCursor<Position>(
  query: PageQuery,
  read: (parts: readonly unknown[]) => Position | null,
): Position | null {
  if (query.cursor === undefined || query.cursor === null) return null
  const position = read(partsOf(query.cursor))
  if (position !== null) return position
  throw new TrackerError(
    'invalid-option',
    'Expected "cursor" to be the "next" of a page of the same list; got something else. Leave it out for the first page.',
  )
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parts) ? parts : []
  } catch {
    // Refused by the reader, like any other text that is no cursor.
    return []
  }
}
