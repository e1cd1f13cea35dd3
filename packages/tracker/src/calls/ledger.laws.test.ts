import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Folded } from '../intake/fold.ts'
import { foldBodies, rowAfter } from './fold.fixture.ts'
import { foldHistory } from './fold-history.ts'
import { finalDataOf } from './ledger.ts'
import { ENDS, type Said, till, WORDS } from './till.fixture.ts'

const message = (attempt: fc.Arbitrary<number | null>): fc.Arbitrary<Said> =>
  fc.record({
    id: fc.constant('c-1' as const),
    word: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...ENDS) },
      { weight: 3, arbitrary: fc.constantFrom(...WORDS) },
    ),
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('webhook' as const, 'record' as const) },
      { weight: 1, arbitrary: fc.constant('list-item' as const) },
    ),
    attempt,
    at: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 5 }),
    seq: fc.option(fc.integer({ min: 0, max: 2 })),
    cost: fc.option(fc.constantFrom(0, 5, 22.99), { freq: 3 }),
    secs: fc.option(fc.constantFrom(0, 30)),
    file: fc.option(fc.constantFrom('', 'r-1', 'r-2')),
    earlier: fc.option(
      fc.record({ attempt: fc.integer({ min: 1, max: 2 }), word: fc.constantFrom(...ENDS) }),
      { freq: 2 },
    ),
  })

const withAttempts = message(fc.integer({ min: 1, max: 3 }))
/** Nobody says an attempt, so there is one. */
const withoutAttempts = message(fc.constant(null)).map((said) => ({ ...said, earlier: null }))

const messages = fc.oneof(
  { weight: 4, arbitrary: fc.array(withAttempts, { maxLength: 8 }) },
  { weight: 1, arbitrary: fc.array(withoutAttempts, { maxLength: 8 }) },
)

/** A message with the key by which it is known. */
type Keyed = Said & { readonly key: string }

/** One message is folded once, as it is stored once. */
function folded(said: readonly Said[]): {
  readonly all: readonly Folded[]
  readonly heard: readonly Keyed[]
} {
  const all = foldBodies(till, said)
  const heard = said.map((one, place) => ({ ...one, key: all[place]?.entry.key ?? '' }))
  const isFirst = ({ key }: Keyed, place: number) =>
    heard.findIndex((other) => other.key === key) === place
  const once = heard.filter(isFirst)
  if (once.length === heard.length) return { all, heard }
  return {
    all: foldBodies(
      till,
      once.map(({ key: _, ...one }) => one),
    ),
    heard: once,
  }
}

/** What is true of an attempt. */
interface Truth {
  readonly end: string | null
  readonly cost: number | null
  readonly ms: number | null
  /** The key of the message with the recording. */
  readonly file: string | null
  readonly missing: readonly string[]
}

/**
 * The second model: looks at all messages at once, attempt by attempt. What an attempt has come to, what
 * is final and what is expected is written out here as the documents have it, not as the code has it.
 */
function truthOf(heard: readonly Keyed[]): ReadonlyMap<number, Truth> {
  const truth = new Map<number, Truth>()
  for (const attempt of [1, 2, 3]) {
    const own = heard.filter((said) => (said.attempt ?? 1) === attempt)
    const words = [
      ...own.map(({ word }) => word as string),
      ...heard.flatMap(({ earlier, word }) =>
        earlier?.attempt === attempt && word !== 'note' ? [earlier.word] : [],
      ),
    ]
    const wasUp = words.includes('in-progress') || words.includes('call-disconnected')
    const order = wasUp
      ? ['completed', 'failed', 'busy', 'no-answer']
      : ['busy', 'no-answer', 'failed', 'completed']
    const end = order.find((word) => words.includes(word)) ?? null
    const full = own.filter(({ kind }) => kind !== 'list-item')
    const candidates = [
      ...full.filter(({ word }) => word === end),
      ...own.filter(({ word }) => word === 'note'),
    ].sort(
      (a, b) =>
        (a.at ?? -1) - (b.at ?? -1) || (a.seq ?? -1) - (b.seq ?? -1) || (a.key < b.key ? -1 : 1),
    )
    const isFinal = (field: 'cost' | 'ms' | 'file') =>
      end === 'completed' ||
      (end === 'failed' && field !== 'ms') ||
      (end === 'busy' && field === 'cost')
    const cost = isFinal('cost') ? candidates.findLast((one) => one.cost !== null) : undefined
    const ms = isFinal('ms')
      ? candidates.findLast((one) => one.secs !== null && one.word !== 'note')
      : undefined
    const file = isFinal('file')
      ? candidates.findLast((one) => one.file !== null && one.file !== '')
      : undefined
    const missing: string[] = []
    if (end === 'completed' && ms === undefined) missing.push('durationMs')
    if (cost === undefined && (end === 'completed' || (end === 'failed' && wasUp)))
      missing.push('cost')
    const hasFinal = (said: Said) =>
      said.cost !== null || said.file || (said.secs !== null && said.word !== 'note')
    const isHeard =
      own.some((said) => said.word === 'note' && hasFinal(said)) ||
      full.some((said) => (ENDS as readonly string[]).includes(said.word) && hasFinal(said))
    if (end === null && !isHeard) continue
    const seconds = ms?.secs ?? null
    truth.set(attempt, {
      end,
      cost: cost?.cost ?? null,
      ms: seconds === null ? null : seconds * 1000,
      file: file?.key ?? null,
      missing,
    })
  }
  return truth
}

/** What the ledgers say, in the words of the second model. */
function toldBy(all: readonly Folded[]): ReadonlyMap<number, Truth> {
  const { attempts } = rowAfter(all)
  return new Map(
    attempts.flatMap((ledger): [number, Truth][] => {
      // A ledger may remember what was handed out although nothing of it is known any more.
      if (ledger.end === null && ledger.said.length === 0) return []
      const final = finalDataOf(ledger)
      const place = final?.recording?.sequence
      const told = {
        end: ledger.end,
        cost: final?.cost?.amount ?? null,
        ms: final?.durationMs ?? null,
        file: all.find(({ entry }) => entry.sequence === place)?.entry.key ?? null,
        missing: ledger.missing,
      }
      return [[ledger.attempt, told]]
    }),
  )
}

const shuffled = messages.chain((all) =>
  fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
)

describe('ledgers', () => {
  test('hold, in whatever order messages come, what looking at all of them says', () => {
    const visited = new Set<string>()
    fc.assert(
      fc.property(shuffled, (said) => {
        fc.pre(said.length > 0)
        const { all, heard } = folded(said)
        const truth = truthOf(heard)
        expect(toldBy(all)).toEqual(truth)
        for (const { end, missing } of truth.values()) visited.add(`${end} ${missing.join()}`)
        const { attempts } = rowAfter(all)
        for (const { missing, dataDueAt } of attempts) {
          expect(dataDueAt === null).toBe(missing.length === 0)
        }
      }),
      { numRuns: 1000 },
    )
    for (const end of ENDS) expect([...visited].join(';')).toContain(end)
    expect([...visited]).toEqual(
      expect.arrayContaining(['null ', 'completed ', 'completed durationMs,cost', 'failed cost']),
    )
  })

  test('of two orders say the same, but for places, times and what was handed out', () => {
    const two = messages.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
      ),
    )
    fc.assert(
      fc.property(two, ([one, other]) => {
        fc.pre(one.length > 0)
        expect(toldBy(folded(one).all)).toEqual(toldBy(folded(other).all))
      }),
      { numRuns: 500 },
    )
  })

  test('hand each value out once, and every change of it: who sets what is told has what is true', () => {
    const fired = { ready: 0, changed: 0, none: 0, back: 0, elsewhere: 0 }
    fc.assert(
      fc.property(shuffled, (said) => {
        fc.pre(said.length > 0)
        const { all, heard } = folded(said)
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
      fc.property(shuffled, (said) => {
        fc.pre(said.length > 0)
        const { all } = folded(said)
        const rules = { provider: till, policy: undefined, budgets: {} }
        const history = all.map(({ entry }) => entry)
        const anew = foldHistory(history, rules)
        expect(rowAfter(all)).toMatchObject({ ...anew.row })
        expect(anew.decided).toEqual(history.map(({ decided }) => decided))
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
