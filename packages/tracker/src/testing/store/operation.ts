import fc from 'fast-check'
import type { CallRef } from '../../calls/tracked-call.ts'
import type { StoreQuery } from '../../store.ts'
import { PROVIDER, START_AT } from './sample-write.ts'

/** The calls of a random history; two share an identifier. */
export const CALLS: readonly CallRef[] = [
  { provider: PROVIDER, callId: 'a' },
  { provider: PROVIDER, callId: 'b' },
  { provider: 'other', callId: 'a' },
]

/** One step of a random history, as plain data. Calls are named by their place in `CALLS`. */
export type Operation =
  | {
      readonly kind: 'append'
      readonly writes: readonly PlannedWrite[]
      /** How far the writer's clock is ahead. */
      readonly aheadMs: number
    }
  | { readonly kind: 'replace'; readonly call: number; readonly isStale: boolean }
  | {
      readonly kind: 'history'
      readonly call: number
      readonly after: number
      readonly limit: number
    }
  | {
      readonly kind: 'list'
      readonly query: Omit<StoreQuery, 'after' | 'limit'>
      readonly size: number
    }
  /** Reads everything. */
  | { readonly kind: 'look' }
  | { readonly kind: 'claim-silent'; readonly leaseMs: number }
  | {
      readonly kind: 'postpone'
      readonly call: number
      readonly isStale: boolean
      readonly inMs: number | null
      readonly asked: number
    }
  | {
      readonly kind: 'register'
      readonly consumer: string
      /** Where it begins: also so many ms before, and with null it does not say. */
      readonly ago: 'start' | 'now' | number | null
    }
  | { readonly kind: 'fill'; readonly consumer: string; readonly limit: number }
  | { readonly kind: 'remove'; readonly consumer: string }
  | {
      readonly kind: 'claim'
      readonly consumer: string
      readonly owner: string
      readonly leaseMs: number
      readonly latestInMs: number
    }
  | {
      readonly kind: 'end-claim' | 'keep-claim'
      readonly consumer: string
      readonly owner: string
      readonly call: number
      readonly position: number
      readonly inMs: number
      readonly isDead: boolean
    }
  | { readonly kind: 'revive'; readonly consumer: string; readonly letter: number | null }
  | { readonly kind: 'claim-letters'; readonly consumer: string; readonly leaseMs: number }
  | { readonly kind: 'end-letter'; readonly letter: number; readonly isHandled: boolean }

export interface PlannedWrite {
  readonly call: number
  /** Based on a revision that is not the stored one. */
  readonly isStale: boolean
  readonly statuses: readonly string[]
  /** Due so long after it was written; null for never, undefined for when it was due before. */
  readonly dueInMs: number | null | undefined
  readonly dataDueInMs: number | null
  /** Whether the provider can be asked for the data that are missing. */
  readonly isAskable: boolean
}

/** Any operation, those that need others before them more often. */
export function operation(): fc.Arbitrary<Operation> {
  const call = fc.nat({ max: CALLS.length - 1 })
  const consumer = fc.nat({ max: 3 }).map((chance) => (chance === 0 ? 'search' : 'billing'))
  const owner = fc.nat({ max: 3 }).map((chance) => (chance === 0 ? 'other' : 'worker'))
  const leaseMs = fc.constantFrom(1, 2000, 60_000)
  const aheadMs = fc.constantFrom(0, 0, 0, 90_000)
  const latestInMs = fc.constantFrom(500, 45_000, 3_600_000)
  const isStale = fc.nat({ max: 4 }).map((chance) => chance === 0)
  const letter = fc.nat({ max: 3 })
  const claimEnd = { consumer, owner, call, position: fc.nat({ max: 4 }), isDead: fc.boolean() }
  const statuses = fc.array(fc.constantFrom('queued', 'ringing', 'completed', 'busy', 'warbling'), {
    minLength: 1,
    maxLength: 3,
  })
  const dueInMs = fc.constantFrom(null, undefined, 0, 1000, 30_000)
  const dataDueInMs = fc.constantFrom(null, null, 0, 2000, 40_000)
  const isAskable = fc.boolean()
  const planned = fc.record({ call, isStale, statuses, dueInMs, dataDueInMs, isAskable })
  const writes = fc.uniqueArray(planned, {
    selector: (one) => one.call,
    minLength: 1,
    maxLength: CALLS.length,
  })
  const of = <Kind extends string, Fields extends object>(
    kind: Kind,
    fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> },
  ) => fc.record<Fields>(fields).map((all) => ({ ...all, kind }))
  const inMs = fc.constantFrom(0, 1000, 30_000)
  const ago = fc.constantFrom('start' as const, 'now' as const, null, 0, 3000, 60_000)
  const batch = fc.integer({ min: 1, max: 4 })
  const page = { call, after: fc.nat({ max: 5 }), limit: fc.nat({ max: 5 }) }
  const size = fc.integer({ min: 1, max: 3 })
  const isHandled = fc.boolean()
  return fc.oneof(
    { weight: 6, arbitrary: of('append', { writes, aheadMs }) },
    { weight: 1, arbitrary: of('replace', { call, isStale }) },
    { weight: 1, arbitrary: of('history', page) },
    { weight: 3, arbitrary: of('list', { query: listQuery(), size }) },
    { weight: 1, arbitrary: of('look', {}) },
    { weight: 2, arbitrary: of('claim-silent', { leaseMs }) },
    {
      weight: 2,
      arbitrary: of('postpone', { call, isStale, inMs: fc.option(inMs), asked: fc.nat(9) }),
    },
    { weight: 3, arbitrary: of('register', { consumer, ago }) },
    { weight: 2, arbitrary: of('fill', { consumer, limit: batch }) },
    { weight: 1, arbitrary: of('remove', { consumer }) },
    { weight: 4, arbitrary: of('claim', { consumer, owner, leaseMs, latestInMs }) },
    { weight: 5, arbitrary: of('end-claim', { ...claimEnd, inMs }) },
    { weight: 2, arbitrary: of('keep-claim', { ...claimEnd, inMs }) },
    { weight: 2, arbitrary: of('revive', { consumer, letter: fc.option(letter) }) },
    { weight: 2, arbitrary: of('claim-letters', { consumer, leaseMs }) },
    { weight: 2, arbitrary: of('end-letter', { letter, isHandled }) },
  )
}

function listQuery(): fc.Arbitrary<Omit<StoreQuery, 'after' | 'limit'>> {
  const time = fc.constantFrom(0, 1000, 5000, 40_000).map((ms) => START_AT + ms)
  const status = fc.constantFrom('queued' as const, 'ringing' as const, 'busy' as const, null)
  return fc.record(
    {
      order: fc.constantFrom('newest' as const, 'due' as const),
      provider: fc.constantFrom(PROVIDER, 'other'),
      statuses: fc.array(status, { maxLength: 2 }),
      settled: fc.boolean(),
      openedFrom: time,
      openedBefore: time,
      quietSince: time,
      overdue: fc.record(
        { by: time, why: fc.constantFrom('silent' as const, 'data' as const) },
        { requiredKeys: ['by'] },
      ),
    },
    { requiredKeys: ['order'] },
  )
}
