import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Folded } from '../intake/fold.ts'
import { redactFields } from '../intake/redact.ts'
import { foldBodies, rowAfter } from './fold.fixture.ts'
import { foldHistory } from './fold-history.ts'
import { finalDataOf } from './ledger.ts'
import { type Dropped, identityOf, type Truth, truthOf } from './ledger-model.fixture.ts'
import { messages, messagesOfManyTimes, messagesOfOneTime, shuffledOf } from './said.fixture.ts'
import { ENDS, type Said, till } from './till.fixture.ts'

/** Messages that were folded, each once, as it is stored once. */
interface FoldedSaid {
  readonly all: readonly Folded[]
  readonly heard: readonly Said[]
}

function folded(said: readonly Said[], dropped: readonly Dropped[] = []): FoldedSaid {
  const identities = said.map((one) => identityOf(one, dropped))
  const heard = said.filter((_, place) => identities.indexOf(identities[place] ?? '') === place)
  const options = dropped.length === 0 ? {} : { redact: redactFields(dropped) }
  return { all: foldBodies(till, heard, options), heard }
}

const redactions = fc.subarray<Dropped>(['cost', 'secs', 'file'])

/** What the ledgers say, in the words of the second model. */
function toldBy({ all, heard }: FoldedSaid): ReadonlyMap<number, Truth> {
  const { attempts } = rowAfter(all)
  return new Map(
    attempts.flatMap((ledger): [number, Truth][] => {
      // A ledger may remember what was handed out although nothing of it is known any more.
      if (ledger.end === null && ledger.said.length + ledger.missing.length === 0) return []
      const final = finalDataOf(ledger)
      const place = final?.recording?.sequence
      const told = {
        end: ledger.end,
        cost: final?.cost?.amount ?? null,
        ms: final?.durationMs ?? null,
        file: place === undefined ? null : (heard[place - 1] ?? null),
        missing: ledger.missing,
      }
      return [[ledger.attempt, told]]
    }),
  )
}

describe('ledgers', () => {
  test('hold, in whatever order messages come, what looking at all of them says', () => {
    const visited = new Set<string>()
    const seen = { mixed: 0, redacted: 0, outweighed: 0 }
    fc.assert(
      fc.property(messages, redactions, (said, dropped) => {
        const all = folded(said, dropped)
        const truth = truthOf(all.heard)
        expect(toldBy(all)).toEqual(truth)
        for (const { end, missing } of truth.values()) visited.add(`${end} ${missing.join()}`)
        const { attempts } = rowAfter(all.all)
        for (const ledger of attempts) {
          expect(ledger.dataDueAt === null).toBe(ledger.missing.length === 0)
          const ref = finalDataOf(ledger)?.recording
          if (ref) expect(ref.pruned).toBe(dropped.includes('file'))
        }
        const isNamed = new Set(all.heard.map(({ attempt }) => attempt !== null))
        if (isNamed.size === 2) seen.mixed++
        if (dropped.length > 0) seen.redacted++
        // The time alone would say otherwise.
        const timeAlone = truthOf(all.heard.map((one) => ({ ...one, attempt: one.attempt ?? 1 })))
        if (isNamed.size === 2 && !sameCosts(truth, timeAlone)) seen.outweighed++
      }),
      { numRuns: 2000 },
    )
    for (const end of ENDS) expect([...visited].join(';')).toContain(end)
    expect([...visited]).toEqual(
      expect.arrayContaining(['null ', 'completed ', 'completed durationMs,cost', 'failed cost']),
    )
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(50)
  })

  test('have one key for what is the same, and another for everything else', () => {
    fc.assert(
      fc.property(messages, redactions, (said, dropped) => {
        const options = dropped.length === 0 ? {} : { redact: redactFields(dropped) }
        const keys = foldBodies(till, said, options).map(({ entry }) => entry.key)
        const identities = said.map((one) => identityOf(one, dropped))
        const first = (all: readonly string[]) => all.map((one) => all.indexOf(one))
        expect(first(keys)).toEqual(first(identities))
      }),
      { numRuns: 1000 },
    )
  })

  test('of two orders say the same where no two messages say one time, but for places and times', () => {
    const two = messagesOfManyTimes.chain((all) => fc.tuple(fc.constant(all), shuffledOf(all)))
    fc.assert(
      fc.property(two, ([one, other]) => {
        expect(toldBy(folded(one))).toEqual(toldBy(folded(other)))
      }),
      { numRuns: 500 },
    )
  })

  test('of messages that say one time hold what came last', () => {
    let corrected = 0
    fc.assert(
      fc.property(messagesOfOneTime, (said) => {
        const { all, heard } = folded(said)
        const costs = heard.flatMap(({ cost }) => cost ?? [])
        const [ledger] = rowAfter(all).attempts
        expect((ledger && finalDataOf(ledger)?.cost?.amount) ?? null).toBe(costs.at(-1) ?? null)
        // Each other cost is told when it comes.
        const told = all.flatMap(({ entry }) =>
          entry.decided.facts.flatMap(({ ready, corrected: own, finalData }) =>
            ready.includes('cost') || own.some(({ field }) => field === 'cost')
              ? [finalData?.cost?.amount]
              : [],
          ),
        )
        expect(told).toEqual(costs.filter((cost, place) => cost !== costs[place - 1]))
        if (told.length > 1) corrected++
      }),
      { numRuns: 500 },
    )
    expect(corrected).toBeGreaterThan(50)
  })

  test('hand each value out once, and every change of it: who sets what is told has what is true', () => {
    const fired = { ready: 0, changed: 0, none: 0, back: 0, elsewhere: 0 }
    fc.assert(
      fc.property(messages, redactions, (said, dropped) => {
        const { all, heard } = folded(said, dropped)
        const set = new Map<string, unknown>()
        for (const { entry } of all) {
          for (const { attempt, ready, corrected, finalData } of entry.decided.facts) {
            if (attempt !== entry.decided.of) fired.elsewhere++
            for (const field of ready) {
              expect(set.has(`${attempt} ${field}`)).toBe(false)
              set.set(`${attempt} ${field}`, finalData?.[field])
              fired.ready++
            }
            for (const { field, before, now } of corrected) {
              const known = set.get(`${attempt} ${field}`)
              // Of a recording that was said again, the first place was handed out.
              if (field !== 'recording') expect(known).toEqual(before)
              expect(now).toEqual(finalData?.[field] ?? null)
              set.set(`${attempt} ${field}`, now)
              fired[now === null ? 'none' : before === null ? 'back' : 'changed']++
            }
          }
        }
        for (const [attempt, truth] of truthOf(heard)) {
          const cost = set.get(`${attempt} cost`) ?? null
          expect(cost).toEqual(
            truth.cost === null ? null : { amount: truth.cost, currency: 'EUR', unit: null },
          )
          expect(set.get(`${attempt} durationMs`) ?? null).toBe(truth.ms)
          expect((set.get(`${attempt} recording`) ?? null) === null).toBe(truth.file === null)
          // Billed or listed as missing, never both.
          expect(cost !== null && truth.missing.includes('cost')).toBe(false)
        }
      }),
      { numRuns: 1000 },
    )
    for (const times of Object.values(fired)) expect(times).toBeGreaterThan(0)
  })

  test('of a history that is folded again are those that were folded one by one', () => {
    fc.assert(
      fc.property(messages, redactions, (said, dropped) => {
        const { all } = folded(said, dropped)
        const rules = { provider: till, policy: undefined, budgets: {} }
        const history = all.map(({ entry }) => entry)
        const anew = foldHistory(history, rules)
        expect(rowAfter(all)).toMatchObject({ ...anew.row })
        expect(anew.decided).toEqual(history.map(({ decided }) => decided))
        if (dropped.length > 0) return
        // As release 0.1 kept it: nothing was decided, and what is final stands in the message alone.
        const old = history.map((entry) => {
          if (entry.type === 'rebuilt') return entry
          const { final: _, ...event } = entry.event
          return { ...entry, event, decided: null }
        })
        expect(foldHistory(old, rules)).toEqual(anew)
      }),
    )
  })
})

function sameCosts(a: ReadonlyMap<number, Truth>, b: ReadonlyMap<number, Truth>): boolean {
  return [1, 2, 3].every((attempt) => a.get(attempt)?.cost === b.get(attempt)?.cost)
}
