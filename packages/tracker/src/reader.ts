import { assertCount } from './assert-number.ts'
import { attemptsWithData } from './calls/attempts-with-data.ts'
import type { FoldRules } from './calls/fold-entry.ts'
import { listCalls, listOverdue } from './calls/list-calls.ts'
import { verifyCalls } from './calls/verify.ts'
import type { TrackerContext } from './context.ts'
import type { Tracker } from './tracker.ts'

/** The part of a tracker that reads. */
export function createReader(
  { store, providers, now }: TrackerContext,
  rules: ReadonlyMap<string, FoldRules>,
): Pick<Tracker, 'get' | 'list' | 'overdue' | 'history' | 'verify'> {
  return {
    async get(ref) {
      const [stored] = await store.load([ref])
      if (stored === undefined) return null
      const { row } = stored
      const history = await store.history(ref)
      const attempts = attemptsWithData(row, history, providers.get(row.provider))
      const latest = attempts.find(({ attempt }) => attempt === row.attempt)
      return { ...row, attempts, data: latest?.data ?? {} }
    },
    list: (query = {}) => listCalls(store, query),
    overdue: (query = {}) => listOverdue(store, { ...query, now: query.now ?? now() }),
    async history(ref, { after, limit } = {}) {
      assertCount('after', after ?? 0)
      assertCount('limit', limit ?? 1)
      return store.history(ref, { ...(after && { after }), ...(limit !== undefined && { limit }) })
    },
    verify: (checking = {}) => verifyCalls(store, rules, checking),
  }
}
