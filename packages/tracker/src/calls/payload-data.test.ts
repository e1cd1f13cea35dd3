import { CALL_STATUSES, type CallEvent, EMPTY_CALL, observe, parseStatus, replay } from 'callstate'
import { attemptOfEvent } from 'callstate/internal'
import { callEvent } from 'callstate/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../defaults.ts'
import { type Data, dataByAttempt } from './payload-data.ts'
import type { HistoryEntry } from './tracked-call.ts'

const MAX_DATA_DEPTH = DEFAULTS.message.maxDataDepth

let made = 0

function entryOf(said: CallEvent, payload: unknown, key = `key-${++made}`): HistoryEntry {
  const { decision } = observe(EMPTY_CALL, said)
  const event = { kind: 'webhook', word: said.status ?? '?', ...said } as const
  const text = typeof payload === 'string' || payload === null ? payload : JSON.stringify(payload)
  const entry = { sequence: 1, key, receivedAt: 0, event, decided: null, payload: text }
  return { ...entry, type: 'event', decision }
}

/** The data of one attempt; empty where nothing is read into it. */
function dataOf(entries: readonly HistoryEntry[], attempt = 1): Data {
  return dataByAttempt(entries).get(attempt) ?? {}
}

function merged(...payloads: unknown[]): Data {
  return dataOf(
    payloads.map((payload, occurredAt) => entryOf({ status: 'completed', occurredAt }, payload)),
  )
}

/** Messages whose fields often meet: few names, empty values among the others. */
const message: fc.Arbitrary<Data> = fc.letrec<{ value: unknown; fields: Data }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, '', 0, 1, false, 'a', 'b'),
    fc.array(tie('value'), { maxLength: 2 }),
    tie('fields'),
  ),
  fields: fc.dictionary(fc.constantFrom('a', 'b', 'constructor', '__proto__'), tie('value'), {
    maxKeys: 3,
  }) as fc.Arbitrary<Data>,
})).fields

const entries = fc
  .array(fc.record({ event: callEvent(), message }), { maxLength: 6 })
  .map((said) => said.map(({ event, message }, place) => entryOf(event, message, `key-${place}`)))

/** The values at the ends of every path, by path; what is empty says nothing. */
function leavesOf(value: unknown, path: readonly string[] = []): [readonly string[], unknown][] {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return []
  if (typeof value !== 'object' || Array.isArray(value)) return [[path, value]]
  return Object.entries(value)
    .filter(([name]) => name !== '__proto__')
    .flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Data)[name]
        : undefined,
    data,
  )
}

describe('dataByAttempt', () => {
  test('newer data fills and replaces, and nothing empty erases', () => {
    expect(merged({ cost: 1, name: 'A' }, { cost: 2, name: null }, { name: '' })).toEqual({
      cost: 2,
      name: 'A',
    })
    expect(merged({ n: 1, f: true }, { n: 0, f: false })).toEqual({ n: 0, f: false })
    expect(merged({ list: [1, 2, null] }, { list: [] })).toEqual({ list: [1, 2, null] })
    expect(merged({ list: [1, 2] }, { list: [3, { a: null }] })).toEqual({ list: [3, { a: null }] })
  })

  test('objects are merged field by field, other values replace and are replaced as a whole', () => {
    expect(merged({ t: { a: 1, b: 1 } }, { t: { b: 2, c: null } }, { t: {} })).toEqual({
      t: { a: 1, b: 2 },
    })
    expect(merged({ x: '{"a":1}' }, { x: { a: 2 } })).toEqual({ x: { a: 2 } })
    expect(merged({ x: { a: 2 } }, { x: 5 })).toEqual({ x: 5 })
    expect(merged({ x: 5 }, { x: { a: null } })).toEqual({ x: 5 })
  })

  test('a field without a value is not there', () => {
    expect(merged({ a: null, b: '', c: [], d: {}, e: { f: { g: null } } })).toEqual({})
  })

  test('the lifecycle goes before time, so that a wrong clock does not make partial data final', () => {
    const partial = entryOf({ status: 'call-disconnected', occurredAt: 9_000 }, { cost: 6.66 })
    const final = entryOf({ status: 'completed', occurredAt: 1_000 }, { cost: 22.99 })
    expect(dataOf([final, partial])).toEqual({ cost: 22.99 })
  })

  test('where two ends were told, the data of the one that counts stand, whatever came later', () => {
    const answered = entryOf({ status: 'in-progress', occurredAt: 1 }, { status: 'in-progress' })
    const ended = entryOf(
      { status: 'completed', occurredAt: 2 },
      { status: 'completed', cost: 22.9 },
    )
    const other = entryOf({ status: 'busy', occurredAt: 3 }, { status: 'busy', cost: 0, who: 'a' })
    const expected = { status: 'completed', cost: 22.9, who: 'a' }
    for (const said of [
      [answered, ended, other],
      [other, ended, answered],
      [ended, other, answered],
    ]) {
      expect(dataOf(said)).toEqual(expected)
    }
  })

  test('of two attempts are never mixed', () => {
    const first = entryOf({ status: 'completed', attempt: 1, occurredAt: 5 }, { n: 1, cost: 10 })
    const second = entryOf({ status: 'no-answer', attempt: 2, occurredAt: 1 }, { n: 2, cost: null })
    for (const said of [
      [first, second],
      [second, first],
    ]) {
      expect([...dataByAttempt(said)]).toEqual([
        [1, { n: 1, cost: 10 }],
        [2, { n: 2 }],
      ])
    }
  })

  test('of a call that was rebuilt are those of its messages', () => {
    const ended = entryOf({ status: 'completed' }, { cost: 1 })
    const rebuilt: HistoryEntry = {
      ...{ type: 'rebuilt', sequence: 2, key: 'rebuilt:2', receivedAt: 0 },
      ...{ event: null, decision: null, decided: null, payload: null },
    }
    expect([...dataByAttempt([ended, rebuilt])]).toEqual([[1, { cost: 1 }]])
  })

  test('a partial cost does not win over the final one that comes without an attempt', () => {
    const partial = entryOf({ status: 'call-disconnected', attempt: 1 }, { total_cost: 5 })
    for (const occurredAt of [null, 9]) {
      const final = entryOf({ status: 'completed', occurredAt }, { total_cost: 22.99 })
      expect(dataOf([partial, final])).toEqual({ total_cost: 22.99 })
      expect(dataOf([final, partial])).toEqual({ total_cost: 22.99 })
    }
  })

  test('what does not say its attempt belongs where the call reads it', () => {
    const named = [
      entryOf({ status: 'busy', attempt: 1, occurredAt: 15 }, {}),
      entryOf({ status: 'initiated', attempt: 1, occurredAt: 10 }, {}),
      entryOf({ status: 'busy', attempt: 2, occurredAt: 25 }, {}),
      entryOf({ status: 'initiated', attempt: 2, occurredAt: 20 }, {}),
    ]
    const placeOf = (unsaid: HistoryEntry, more: HistoryEntry[] = []) =>
      [...dataByAttempt([unsaid, ...named, ...more])].flatMap(([attempt, data]) =>
        data['is'] === 'unsaid' ? [attempt] : [],
      )
    const busy = (occurredAt: number | null) =>
      entryOf({ status: 'busy', occurredAt }, { is: 'unsaid' })
    expect(placeOf(busy(26))).toEqual([2])
    expect(placeOf(busy(20))).toEqual([2])
    expect(placeOf(busy(19))).toEqual([1])
    expect(placeOf(busy(null))).toEqual([2])
    const queued = entryOf({ status: 'queued', attempt: 3, occurredAt: 30 }, {})
    expect(placeOf(busy(29), [queued])).toEqual([2])
    expect(placeOf(busy(30), [queued])).toEqual([3])
    // A message without a status belongs to the latest attempt that had begun.
    const note = (occurredAt: number | null): HistoryEntry => {
      const { decision: _, ...rest } = entryOf({ status: null, word: 'note', occurredAt }, {})
      const event = { kind: 'webhook', word: 'note', status: null, occurredAt } as const
      return { ...rest, type: 'data', event, decision: null, payload: '{"is":"unsaid"}' }
    }
    expect(placeOf(note(19), [queued])).toEqual([1])
    expect(placeOf(note(29), [queued])).toEqual([2])
    expect(placeOf(note(null), [queued])).toEqual([3])
  })

  test('what was before all attempts that are said belongs to one that was not', () => {
    const second = entryOf({ status: 'ringing', attempt: 2, occurredAt: 10 }, { n: 2, m: 2 })
    const third = entryOf({ status: 'queued', attempt: 3, occurredAt: 20 }, { n: 3 })
    const unsaid = entryOf({ status: 'completed', occurredAt: 9 }, { n: 1 })
    expect([...dataByAttempt([second, third, unsaid])]).toEqual([
      [1, { n: 1 }],
      [2, { n: 2, m: 2 }],
      [3, { n: 3 }],
    ])
  })

  test('within a phase time decides, then the place in the table; unrecognized counts least', () => {
    const at = (status: string, occurredAt: number | null, n: number) =>
      entryOf({ ...parseStatus(status), occurredAt }, { n })
    expect(dataOf([at('queued', 2, 1), at('scheduled', 3, 2)])).toEqual({ n: 2 })
    expect(dataOf([at('queued', 3, 1), at('scheduled', 3, 2)])).toEqual({ n: 1 })
    expect(dataOf([at('queued', null, 1), at('scheduled', 0, 2)])).toEqual({ n: 2 })
    expect(dataOf([at('warp-drive', 9, 1), at('scheduled', 3, 2)])).toEqual({ n: 2 })
    const foreign = entryOf({ status: null, word: 'completed', occurredAt: 9 }, { n: 1 })
    expect(dataOf([foreign, at('queued', 3, 2)])).toEqual({ n: 2 })
  })

  test('where all else is equal, the key decides, so that the order of entries does not', () => {
    const twins = ['b', 'c', 'a'].map((key) => entryOf({ status: 'busy' }, { n: key }, key))
    expect(dataOf(twins)).toEqual({ n: 'c' })
    expect(dataOf(twins.toReversed())).toEqual({ n: 'c' })
  })

  test('what is no JSON object is skipped', () => {
    expect(merged('{"a":', '[1]', '"text"', 'null', '', null, { a: 1 })).toEqual({ a: 1 })
  })

  test('prototype names are harmless', () => {
    const hostile =
      '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"l":[{"__proto__":{"polluted":1}}]}'
    const data = merged(hostile, hostile)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect((data as { polluted?: unknown }).polluted).toBeUndefined()
    expect(data).toEqual({ a: { constructor: { prototype: { polluted: 1 } } }, l: [{}] })
    expect(Object.getPrototypeOf(data['a'])).toBe(Object.prototype)
  })

  test('is as deep as allowed and no deeper, in objects and in lists', () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    for (const depth of [MAX_DATA_DEPTH - 1, MAX_DATA_DEPTH]) {
      expect(merged(nested(depth))).toEqual(JSON.parse(nested(depth)))
    }
    expect(merged(nested(MAX_DATA_DEPTH + 1))).toEqual({})
    const list = `{"a":${'['.repeat(100_000)}1${']'.repeat(100_000)},"b":1}`
    const data = merged(list, nested(100_000), list)
    expect(data['b']).toBe(1)
    expect(JSON.stringify(data).length).toBeLessThan(1000)
    expect(Object.keys(data)).toEqual(['a', 'b'])
  })

  test('the order of entries and repeats do not matter', () => {
    const shuffled = entries.chain((all) =>
      fc.record({
        all: fc.constant(all),
        other: fc
          .tuple(fc.shuffledSubarray(all, { minLength: all.length }), fc.shuffledSubarray(all))
          .map((parts) => parts.flat()),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ all, other }) => {
        expect(dataByAttempt(other)).toEqual(dataByAttempt(all))
      }),
    )
  })

  test('no value is ever erased: what was there stays or gives way to another value', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const byAttempt = dataByAttempt(all)
        const { call } = replay(all.flatMap(({ event }) => event ?? []))
        for (const { payload, event } of all) {
          if (event === null) continue
          const data = byAttempt.get(attemptOfEvent(call, event))
          for (const [path] of leavesOf(JSON.parse(payload ?? 'null'))) {
            // The path itself, or a value at a beginning of it that took the place of the object.
            const beginnings = path.map((_, place) => valueAt(data, path.slice(0, place + 1)))
            expect(beginnings[0]).toBeDefined()
            const end = beginnings.findLast((value) => value !== undefined)
            expect([null, '']).not.toContain(end)
          }
        }
      }),
    )
  })

  test('the value of the newest entry that has one survives', () => {
    // Sorted by a single thing, so that the newest is known without the rule under test.
    const said = fc.array(message, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(said, (messages) => {
        const data = merged(...messages)
        const taken = new Set<string>()
        for (const one of messages.toReversed()) {
          for (const [path, value] of leavesOf(one)) {
            const texts = path.map((_, place) => JSON.stringify(path.slice(0, place + 1)))
            const isTaken = texts.some((text) => taken.has(`leaf ${text}`))
            if (!isTaken && !taken.has(`path ${texts.at(-1)}`)) {
              expect(JSON.stringify(valueAt(data, path))).toEqual(withoutProto(value))
            }
          }
          for (const [path] of leavesOf(one)) {
            for (const place of path.keys()) {
              taken.add(`path ${JSON.stringify(path.slice(0, place + 1))}`)
            }
            taken.add(`leaf ${JSON.stringify(path)}`)
          }
        }
      }),
    )
  })

  test('what is merged is a new value each time, and the entries stay as they were', () => {
    const all = [entryOf({ status: 'ringing' }, { a: { b: [1] } })]
    const before = structuredClone(all)
    const data = dataOf(all) as { a: { b: number[] } }
    data.a.b.push(2)
    expect(dataOf(all)).toEqual({ a: { b: [1] } })
    expect(all).toEqual(before)
  })

  test('every status of the table has a phase to be sorted by', () => {
    for (const status of CALL_STATUSES) {
      const known = entryOf({ status, occurredAt: 0 }, { n: 1 })
      expect(
        dataOf([known, entryOf({ status: null, word: '?', occurredAt: 9 }, { n: 2 })]),
      ).toEqual({
        n: 1,
      })
    }
  })
})

function withoutProto(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).filter(([name]) => name !== '__proto__'))
  })
}
