import { type CallRef, keyOfRef, type TrackedCall } from '../../calls/tracked-call.ts'
import { isTrackerError } from '../../error.ts'
import type { CallWrite, Store, StoreQuery } from '../../store.ts'
import { fillWhole } from './consuming.ts'
import { byCall, changesAfter } from './following.ts'
import { timeOf } from './listing.ts'
import { CALLS, type Operation, type PlannedWrite } from './operation.ts'
import { PROVIDER, sampleWrite } from './sample-write.ts'

/** What is so before an operation, by the model. */
export interface Situation {
  /** Unlike any other time in its last three digits, so that nothing happens at equal times. */
  readonly now: number
  readonly rows: readonly (TrackedCall | undefined)[]
}

/** The most entries that a call has in a random history, and more. */
const ALL = 1000

/** Does one operation, and gives the store's answer without what stores may choose freely. */
export async function play(
  store: Store,
  step: Operation,
  { now, rows }: Situation,
): Promise<unknown> {
  switch (step.kind) {
    case 'append':
      return store.append(
        step.writes.map((one, place) => plannedWrite(one, now + place, rows)),
        { now: now + step.aheadMs },
      )
    case 'replace': {
      const row = rows[step.call]
      return row && store.replace(await replacement(store, row, step.isStale, now))
    }
    case 'history':
      return store.history(callAt(step.call), { after: step.after, limit: step.limit })
    case 'list':
      return listed(store, step.query, step.size)
    case 'look':
      return everythingIn(store, now)
    case 'claim-silent': {
      const silent = await store.claimSilent({
        provider: PROVIDER,
        now,
        until: now + step.leaseMs,
        limit: ALL,
      })
      return silent.toSorted((a, b) => Number(a.row.askAt) - Number(b.row.askAt))
    }
    case 'postpone': {
      const stored = rows[step.call]?.askAt
      // A call that is never asked about is not claimed, so nobody postpones it.
      if (stored === null || stored === undefined) return null
      const at = step.inMs === null ? null : Math.max(stored, now + step.inMs)
      const askAt = step.isStale ? stored - 1 : stored
      return store.postponePoll(callAt(step.call), { askAt, at, asked: step.asked })
    }
    case 'register': {
      const { consumer, ago } = step
      const from = typeof ago === 'number' ? now - ago : ago
      return answerOf(() => store.registerConsumer(consumer, { from, now }))
    }
    // Which calls come first is free, so all of them come.
    case 'fill':
      return fillWhole(store, step.consumer, now, step.limit)
    case 'remove':
      return store.removeConsumer(step.consumer)
    case 'claim': {
      const until = now + step.leaseMs
      const latest = now + step.latestInMs
      const claim = { now, until, limit: ALL, owner: step.owner, latest }
      return byName(await store.claimCalls(step.consumer, claim))
    }
    case 'end-claim': {
      const end = {
        position: positionOf(step, rows),
        tries: step.position,
        nextAt: now + step.inMs,
      }
      const deadLetter = { sequence: end.position, error: `at ${now}`, at: now }
      const all = step.isDead ? { ...end, deadLetter } : end
      return store.endClaim(step.consumer, callAt(step.call), step.owner, all)
    }
    case 'keep-claim': {
      const keep = { position: positionOf(step, rows), until: now + step.inMs }
      return store.keepClaim(step.consumer, callAt(step.call), step.owner, keep)
    }
    case 'revive': {
      const id = step.letter === null ? null : await letterId(store, step.letter)
      return store.reviveDeadLetters(step.consumer, id === null ? { now } : { id, now })
    }
    case 'claim-letters': {
      const claim = { now, until: now + step.leaseMs, limit: ALL }
      const letters = await store.claimDeadLetters(step.consumer, claim)
      return letters.map(({ at, error }) => `${at} ${error}`).toSorted()
    }
    case 'end-letter': {
      const id = await letterId(store, step.letter)
      if (step.isHandled) return store.endDeadLetter(id, { handled: true })
      return store.endDeadLetter(id, { handled: false, error: `again at ${now}`, at: now })
    }
    default:
      return step satisfies never
  }
}

/** What a promise gives, or the code of the error that it rejects with. */
async function answerOf(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask()
  } catch (error) {
    return isTrackerError(error) ? error.code : error
  }
}

/** Everything that can be read from a store, without what stores may choose freely. */
export async function everythingIn(store: Store, now: number): Promise<unknown> {
  const known = await store.load(CALLS)
  const histories = await Promise.all(CALLS.map((ref) => store.history(ref)))
  const letters = await store.deadLetters({ limit: ALL })
  const { overdue, consumers } = await store.counts({ now })
  return {
    calls: known.map((one) => one && { row: one.row, keys: one.keys.toSorted() }),
    histories,
    // Those of different calls may come in any order.
    changes: byCall(await changesAfter(store, '', 7)),
    letters: letters.map(({ id: _, replayAt, ...rest }) => ({
      ...rest,
      isAsked: replayAt !== null,
    })),
    overdue: new Map(overdue),
    consumers: new Map(
      [...consumers].map(([name, counts]) => [
        name,
        new Map(
          [...counts].map(([provider, { oldestDueAt, ...rest }]) => {
            // A time to come is when a claim or a pause ends; nothing has been due since then.
            const isDue = oldestDueAt !== null && oldestDueAt <= now
            return [provider, { ...rest, oldestDueAt: isDue ? oldestDueAt : null }]
          }),
        ),
      ]),
    ),
  }
}

function callAt(place: number): CallRef {
  return CALLS[place % CALLS.length] as CallRef
}

function plannedWrite(
  { call, isStale, statuses, dueInMs, dataDueInMs, isAskable }: PlannedWrite,
  at: number,
  rows: Situation['rows'],
): CallWrite {
  const before = rows[call]
  const dueAt =
    dueInMs === undefined ? (before?.dueAt ?? null) : dueInMs === null ? null : at + dueInMs
  const dataDueAt = dataDueInMs === null ? null : at + dataDueInMs
  const due = isAskable ? { dueAt, dataDueAt } : { dueAt, dataDueAt, askAt: dueAt }
  const { provider, callId } = callAt(call)
  const planned = sampleWrite(callId, { provider, before, statuses, at, ...due })
  return isStale ? { ...planned, basedOn: planned.basedOn + 1 } : planned
}

async function replacement(
  store: Store,
  row: TrackedCall,
  isStale: boolean,
  now: number,
): Promise<CallWrite> {
  const entries = (await store.history(row)).map((entry) => ({ ...entry, payload: null }))
  const forgotten = { ...row, forgottenAt: now, revision: row.revision + 1 }
  return { row: forgotten, basedOn: row.revision - (isStale ? 1 : 0), entries }
}

/** The list as a whole and in pages; both have to be the same. */
async function listed(
  store: Store,
  query: Omit<StoreQuery, 'after' | 'limit'>,
  limit: number,
): Promise<unknown> {
  const whole = await store.list({ ...query, after: null, limit: ALL })
  const pages: TrackedCall[][] = []
  for (const place of whole.keys()) {
    if (place % limit !== 0) continue
    const last = whole[place - 1]
    const at = last && Number(timeOf(query, last))
    const after = last && { provider: last.provider, callId: last.callId, at: Number(at) }
    pages.push([...(await store.list({ ...query, after: after ?? null, limit }))])
  }
  return { whole, paged: pages.flat() }
}

async function letterId(store: Store, place: number): Promise<string> {
  const letters = await store.deadLetters({ limit: ALL })
  return letters[place]?.id ?? 'none'
}

/** A position that a worker can have reached: not after the last entry. */
function positionOf(
  { call, position }: { readonly call: number; readonly position: number },
  rows: Situation['rows'],
): number {
  return Math.min(position, rows[call]?.events ?? 0)
}

function byName<Ref extends CallRef>(refs: readonly Ref[]): readonly Ref[] {
  return refs.toSorted((a, b) => (keyOfRef(a) < keyOfRef(b) ? -1 : 1))
}
