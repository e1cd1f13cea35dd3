import { assertCount } from './assert-number.ts'
import { listCalls } from './calls/list-calls.ts'
import { mergePayloads } from './calls/payload-data.ts'
import { verifyCalls } from './calls/verify.ts'
import type { TrackerContext } from './context.ts'
import type { Tracker } from './tracker.ts'

/** The part of a tracker that only reads. */
export function createReader({
  store,
  providers,
  now,
}: TrackerContext): Pick<Tracker, 'get' | 'list' | 'overdue' | 'history' | 'verify'> {
  return {
    async get(ref) {
      const [stored] = await store.load([ref])
      if (stored === undefined) return null
      return { ...stored.row, data: mergePayloads(await store.history(ref)) }
    },
    list: (query = {}) => listCalls(store, query),
    overdue: ({ now: by = now(), ...query } = {}) =>
      listCalls(store, query, { order: 'due', dueBy: by }),
    async history(ref, { after, limit } = {}) {
      assertCount('after', after ?? 0)
      assertCount('limit', limit ?? 1)
      return store.history(ref, { ...(after && { after }), ...(limit !== undefined && { limit }) })
    },
    verify: (checking = {}) => verifyCalls(store, providers, checking),
  }
}
