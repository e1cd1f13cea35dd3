import { limitOf, type Page, type PageQuery, pageOf, readCursor } from '../calls/page.ts'
import type { TrackerContext } from '../context.ts'
import type { DeadLetter } from '../store.ts'

/** Which dead letters to list. */
export interface DeadLetterQuery extends PageQuery {
  /** Those of one consumer. */
  readonly consumer?: string
}

/**
 * One page of what consumers failed to handle, the oldest first. Throws a `TrackerError` with code
 * `invalid-option` for a limit or a cursor that cannot be.
 */
export async function listDeadLetters(
  { store }: Pick<TrackerContext, 'store'>,
  query: DeadLetterQuery = {},
): Promise<Page<DeadLetter>> {
  const { consumer } = query
  const limit = limitOf(query)
  const found = await store.deadLetters({
    ...(consumer !== undefined && { consumer }),
    after: readCursor(query, positionIn),
    limit: limit + 1,
  })
  return pageOf(found, limit, ({ at, id }) => [at, id])
}

/**
 * Has dead letters of a consumer handled again: the one with this id, or all. Resolves with their
 * number; a worker of that name handles them.
 *
 * The facts of `ready`, `corrected` and `gained` are handed with `finalData` as it is now, since later ones
 * of the call were handled meanwhile; where the field has no value any more, `ready` and `gained` are not
 * handed again, because the correction was.
 */
export function replayDeadLetters(
  { store, now }: Pick<TrackerContext, 'store' | 'now'>,
  consumer: string,
  { id }: { readonly id?: string } = {},
): Promise<number> {
  return store.reviveDeadLetters(consumer, { ...(id !== undefined && { id }), now: now() })
}

function positionIn([at, id]: readonly unknown[]): { at: number; id: string } | null {
  if (typeof at !== 'number' || !Number.isFinite(at) || typeof id !== 'string') return null
  return { at, id }
}
