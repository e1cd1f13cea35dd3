import type { TrackerContext } from './context.ts'
import { TrackerError } from './error.ts'
import { MAX_PAGE_SIZE, PAGE_SIZE, type Page } from './page.ts'
import type { DeadLetter } from './store.ts'

/** Which dead letters to list. */
export interface DeadLetterQuery {
  /** Those of one consumer. */
  readonly consumer?: string
  /** Dead letters on the page; 50 when left out, 1000 at most. */
  readonly limit?: number
  /** The `next` of the page before; null or left out for the first. */
  readonly cursor?: string | null
}

/**
 * One page of what consumers failed to handle, the oldest first. Throws a `TrackerError` with code
 * `invalid-option` for a limit or a cursor that cannot be.
 */
export async function listDeadLetters(
  { store }: Pick<TrackerContext, 'store'>,
  query: DeadLetterQuery = {},
): Promise<Page<DeadLetter>> {
  const { consumer, limit = PAGE_SIZE, cursor = null } = query
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    throw new TrackerError(
      'invalid-option',
      `Expected "limit" to be a whole number from 1 to ${MAX_PAGE_SIZE}; got another value.`,
    )
  }
  const found = await store.deadLetters({
    ...(consumer !== undefined && { consumer }),
    after: readCursor(cursor),
    limit: limit + 1,
  })
  const items = found.slice(0, limit)
  const last = found.length > limit ? items.at(-1) : undefined
  return { items, next: last === undefined ? null : writeCursor(last) }
}

/**
 * Has dead letters of a consumer handled again: the one with this id, or all. Resolves with their
 * number; a worker of that name handles them.
 */
export function replayDeadLetters(
  { store, now }: Pick<TrackerContext, 'store' | 'now'>,
  consumer: string,
  { id }: { readonly id?: string } = {},
): Promise<number> {
  return store.reviveDeadLetters(consumer, { ...(id !== undefined && { id }), now: now() })
}

function writeCursor({ at, id }: DeadLetter): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url')
}

function readCursor(cursor: string | null): { readonly at: number; readonly id: string } | null {
  if (cursor === null) return null
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Number.isFinite(at) && typeof id === 'string') return { at, id }
  } catch {
    // Answered below, like any other text that is no cursor.
  }
  throw new TrackerError(
    'invalid-option',
    'Expected "cursor" to be the "next" of a page; got something else. Leave it out for the first page.',
  )
}
