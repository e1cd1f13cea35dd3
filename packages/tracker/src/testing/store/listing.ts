import type { CallStatus } from 'callstate'
import type { TrackedCall } from '../../calls/tracked-call.ts'
import type { ListPosition, Store, StoreQuery } from '../../store.ts'
import { PROVIDER, START_AT, sampleWrite, write } from './sample-write.ts'
import { checksOf, expectEqual, type StoreConformanceCheck, type StoreSubject } from './subject.ts'

/** `list`: every limit, both orders, pages. */
export function listingChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  const limits = Object.entries(LIMITS).map(([name, limit]) => [
    `a list limited by ${name} holds the calls that fit, in both orders and in pages`,
    (store: Store) => limitHolds(store, limit),
  ])
  return checksOf(subject, {
    ...Object.fromEntries(limits),
    'a list of nothing is empty': async (store) => {
      const query = { order: 'newest', after: null, limit: 10 } as const
      expectEqual(await store.list(query), [], 'the list')
    },
    'a list follows what is written': async (store) => {
      await write(store, 'a', { statuses: ['ringing'], dueAt: START_AT + 1000 })
      const row = await write(store, 'a', { statuses: ['completed'], at: START_AT + 50 })
      const query = { order: 'newest', after: null, limit: 10 } as const
      expectEqual(await store.list({ ...query, statuses: ['ringing'] }), [], 'calls that ring')
      expectEqual(
        await store.list({ ...query, overdue: { by: START_AT + 1000 } }),
        [],
        'calls that are due',
      )
      expectEqual(await store.list({ ...query, settled: true }), [row], 'settled calls')
      const quiet = { ...query, quietSince: START_AT + 49 }
      expectEqual(await store.list(quiet), [], 'quiet calls, just before')
      expectEqual(await store.list({ ...quiet, quietSince: START_AT + 50 }), [row], 'quiet calls')
    },
    'a call that is written while somebody pages is no reason to miss another one': async (
      store,
    ) => {
      const rows = await fill(store)
      const first = await store.list({ order: 'newest', after: null, limit: 5 })
      await write(store, 'newcomer', { at: START_AT + 99_000 })
      await write(store, 'c-3', { statuses: ['failed'], at: START_AT + 99_001 })
      const rest = await pagesOf(store, { order: 'newest' }, 5, first)
      const names = rest.map(({ callId }) => callId)
      expectEqual(new Set(names), new Set(rows.map(({ callId }) => callId)), 'the calls')
      expectEqual(names.length, rows.length, 'their number')
    },
  })
}

interface Limit {
  readonly query: Omit<StoreQuery, 'order' | 'after' | 'limit'>
  readonly fits: (row: TrackedCall) => boolean
}

const LIMITS: Readonly<Record<string, Limit>> = {
  nothing: { query: {}, fits: () => true },
  'the provider': {
    query: { provider: 'other' },
    fits: (row) => row.provider === 'other',
  },
  'a provider of which there is no call': { query: { provider: 'nobody' }, fits: () => false },
  'one status': statuses('busy'),
  'several statuses': statuses('busy', 'ringing', 'stopped'),
  'no status of the table': statuses(null),
  'a status and none': statuses(null, 'completed'),
  'an empty list of statuses': statuses(),
  'being settled': { query: { settled: true }, fits: (row) => row.settled },
  'not being settled': { query: { settled: false }, fits: (row) => !row.settled },
  'when it was opened, from on': {
    query: { openedFrom: START_AT + 2000 },
    fits: (row) => row.firstReceivedAt >= START_AT + 2000,
  },
  'when it was opened, before': {
    query: { openedBefore: START_AT + 2000 },
    fits: (row) => row.firstReceivedAt < START_AT + 2000,
  },
  'its silence': {
    query: { quietSince: START_AT + 3000 },
    fits: (row) => row.lastReceivedAt <= START_AT + 3000,
  },
  'being overdue': {
    query: { overdue: { by: START_AT + 2000 } },
    fits: ({ dueAt, dataDueAt }) =>
      (dueAt !== null && dueAt <= START_AT + 2000) ||
      (dataDueAt !== null && dataDueAt <= START_AT + 2000),
  },
  'being silent': {
    query: { overdue: { by: START_AT + 2000, why: 'silent' } },
    fits: ({ dueAt }) => dueAt !== null && dueAt <= START_AT + 2000,
  },
  'data that are missing': {
    query: { overdue: { by: START_AT + 2000, why: 'data' } },
    fits: ({ dataDueAt }) => dataDueAt !== null && dataDueAt <= START_AT + 2000,
  },
  'all of them together': {
    query: {
      provider: PROVIDER,
      statuses: ['ringing', 'in-progress', null],
      settled: false,
      openedFrom: START_AT + 1000,
      openedBefore: START_AT + 5000,
      quietSince: START_AT + 90_000,
      overdue: { by: START_AT + 3000, why: 'silent' },
    },
    fits: (row) =>
      row.provider === PROVIDER &&
      ['ringing', 'in-progress', null].includes(row.status) &&
      !row.settled &&
      row.firstReceivedAt >= START_AT + 1000 &&
      row.firstReceivedAt < START_AT + 5000 &&
      row.dueAt !== null &&
      row.dueAt <= START_AT + 3000,
  },
}

function statuses(...wanted: readonly (CallStatus | null)[]): Limit {
  return { query: { statuses: wanted }, fits: ({ status }) => wanted.includes(status) }
}

const WORDS = ['ringing', 'completed', 'busy', 'warbling', 'in-progress', 'scheduled', 'failed']

/** Calls of every kind, many of them with equal times. */
async function fill(store: Store): Promise<readonly TrackedCall[]> {
  const writes = Array.from({ length: 36 }, (_, place) =>
    sampleWrite(`c-${place}`, {
      provider: place % 3 === 0 ? 'other' : PROVIDER,
      statuses: [WORDS[place % WORDS.length] as string],
      at: START_AT + Math.floor(place / 6) * 1000,
      dueAt: place % 5 === 0 ? null : START_AT + (place % 4) * 1000,
      dataDueAt: place % 3 === 1 ? START_AT + (place % 7) * 1000 : null,
    }),
  )
  await store.append(writes, { now: START_AT })
  return writes.map(({ row }) => row)
}

async function limitHolds(store: Store, { query, fits }: Limit): Promise<void> {
  const rows = await fill(store)
  for (const order of ['newest', 'due'] as const) {
    const fitting = rows.filter((row) => fits(row) && timeOf({ ...query, order }, row) !== null)
    const whole = await store.list({ ...query, order, after: null, limit: 1000 })
    expectEqual(sorted(whole), sorted(fitting), `the calls, order "${order}"`)
    const times = whole.map((row) => Number(timeOf({ ...query, order }, row)))
    const inOrder = times.toSorted((a, b) => (order === 'newest' ? b - a : a - b))
    expectEqual(times, inOrder, `their times, order "${order}"`)
    for (const size of [1, 4, fitting.length || 1]) {
      const paged = await pagesOf(store, { ...query, order }, size)
      expectEqual(paged, whole, `the same list in pages of ${size}, order "${order}"`)
    }
  }
}

/** All pages of a list, after those that are there already. */
async function pagesOf(
  store: Store,
  query: Omit<StoreQuery, 'after' | 'limit'>,
  limit: number,
  before: readonly TrackedCall[] = [],
): Promise<readonly TrackedCall[]> {
  const all = [...before]
  for (;;) {
    const last = all.at(-1)
    const after: ListPosition | null = last
      ? { provider: last.provider, callId: last.callId, at: Number(timeOf(query, last)) }
      : null
    const page = await store.list({ ...query, after, limit })
    if (page.length > limit) throw new Error(`A page of ${limit} holds ${page.length} calls.`)
    if (page.length === 0) return all
    all.push(...page)
    if (all.length > 1000) throw new Error('The pages never end: calls come again and again.')
  }
}

/** The time that the order goes by; null where the call does not stand in the list. */
export function timeOf(
  { order, overdue }: Pick<StoreQuery, 'order' | 'overdue'>,
  { firstReceivedAt, dueAt, dataDueAt }: TrackedCall,
): number | null {
  if (order === 'newest') return firstReceivedAt
  if (overdue?.why !== undefined) return overdue.why === 'silent' ? dueAt : dataDueAt
  const times = [dueAt, dataDueAt].filter((time) => time !== null)
  return times.length === 0 ? null : Math.min(...times)
}

function sorted(rows: readonly TrackedCall[]): readonly TrackedCall[] {
  return rows.toSorted((a, b) => (a.callId < b.callId ? -1 : 1))
}
