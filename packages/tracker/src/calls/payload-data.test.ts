import { CALL_STATUSES, type CallEvent, EMPTY_CALL, observe, parseStatus } from 'callstate'
import { callEvent } from 'callstate/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../defaults.ts'
import { createMerger, type Data, fieldsGained, mergePayloads } from './payload-data.ts'
import type { HistoryEntry } from './tracked-call.ts'

const MAX_DATA_DEPTH = DEFAULTS.message.maxDataDepth

let made = 0

function entryOf(said: CallEvent, payload: unknown, key = `key-${++made}`): HistoryEntry {
  const { decision } = observe(EMPTY_CALL, said)
  const event = { kind: 'webhook', word: said.status ?? '?', ...said } as const
  const text = typeof payload === 'string' || payload === null ? payload : JSON.stringify(payload)
  return { sequence: 1, key, receivedAt: 0, event, decision, payload: text }
}

function merged(...payloads: unknown[]): Data {
  return mergePayloads(
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

describe('mergePayloads', () => {
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
    expect(mergePayloads([final, partial])).toEqual({ cost: 22.99 })
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
      expect(mergePayloads(said)).toEqual(expected)
      const merger = createMerger()
      for (const entry of said) merger.add(entry)
      expect(merger.data()).toEqual(expected)
    }
  })

  test('a later attempt goes before the end of an earlier one', () => {
    const first = entryOf({ status: 'busy', attempt: 1, occurredAt: 5 }, { n: 1 })
    const second = entryOf({ status: 'queued', attempt: 2, occurredAt: 1 }, { n: 2 })
    expect(mergePayloads([second, first])).toEqual({ n: 2 })
  })

  test('a partial cost does not win over the final one that comes without an attempt', () => {
    const partial = entryOf({ status: 'call-disconnected', attempt: 1 }, { total_cost: 5 })
    for (const occurredAt of [null, 9]) {
      const final = entryOf({ status: 'completed', occurredAt }, { total_cost: 22.99 })
      expect(mergePayloads([partial, final])).toEqual({ total_cost: 22.99 })
      expect(mergePayloads([final, partial])).toEqual({ total_cost: 22.99 })
    }
  })

  test('what names no attempt belongs to the latest that had begun at its time', () => {
    const named = [
      entryOf({ status: 'busy', attempt: 1, occurredAt: 15 }, { by: 'first' }),
      entryOf({ status: 'initiated', attempt: 1, occurredAt: 10 }, {}),
      entryOf({ status: 'busy', attempt: 2, occurredAt: 25 }, { by: 'second' }),
      entryOf({ status: 'initiated', attempt: 2, occurredAt: 20 }, {}),
    ]
    const byOf = (said: CallEvent, more: HistoryEntry[] = []) =>
      mergePayloads([entryOf(said, { by: 'unsaid' }), ...named, ...more])['by']
    // In the second attempt the later `busy` goes before the other; in the first one neither does.
    expect(byOf({ status: 'busy', occurredAt: 26 })).toBe('unsaid')
    expect(byOf({ status: 'busy', occurredAt: 20 })).toBe('second')
    expect(byOf({ status: 'busy', occurredAt: 19 })).toBe('second')
    expect(byOf({ status: 'busy' })).toBe('second')
    const queued = entryOf({ status: 'queued', attempt: 3, occurredAt: 30 }, { by: 'third' })
    expect(byOf({ status: 'busy', occurredAt: 29 }, [queued])).toBe('third')
    expect(byOf({ status: 'busy', occurredAt: 30 }, [queued])).toBe('unsaid')
    expect(byOf({ status: 'busy' }, [queued])).toBe('unsaid')
    // An attempt of which no time is known had begun.
    const timeless = entryOf({ status: 'queued', attempt: 3 }, { by: 'third' })
    expect(byOf({ status: 'busy', occurredAt: 1 }, [timeless])).toBe('unsaid')
  })

  test('what was before all attempts that are named belongs to the first of them', () => {
    const second = entryOf({ status: 'ringing', attempt: 2, occurredAt: 10 }, { n: 2, m: 2 })
    const third = entryOf({ status: 'queued', attempt: 3, occurredAt: 20 }, { n: 3 })
    const unsaid = entryOf({ status: 'completed', occurredAt: 9 }, { n: 1, m: 1 })
    expect(mergePayloads([second, third, unsaid])).toEqual({ n: 3, m: 1 })
  })

  test('within a phase time decides, then the place in the table; unrecognized counts least', () => {
    const at = (status: string, occurredAt: number | null, n: number) =>
      entryOf({ ...parseStatus(status), occurredAt }, { n })
    expect(mergePayloads([at('queued', 2, 1), at('scheduled', 3, 2)])).toEqual({ n: 2 })
    expect(mergePayloads([at('queued', 3, 1), at('scheduled', 3, 2)])).toEqual({ n: 1 })
    expect(mergePayloads([at('queued', null, 1), at('scheduled', 0, 2)])).toEqual({ n: 2 })
    expect(mergePayloads([at('warp-drive', 9, 1), at('scheduled', 3, 2)])).toEqual({ n: 2 })
    const foreign = entryOf({ status: null, word: 'completed', occurredAt: 9 }, { n: 1 })
    expect(mergePayloads([foreign, at('queued', 3, 2)])).toEqual({ n: 2 })
  })

  test('where all else is equal, the key decides, so that the order of entries does not', () => {
    const twins = ['b', 'c', 'a'].map((key) => entryOf({ status: 'busy' }, { n: key }, key))
    expect(mergePayloads(twins)).toEqual({ n: 'c' })
    expect(mergePayloads(twins.toReversed())).toEqual({ n: 'c' })
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
    expect(fieldsGained({}, data)).toEqual(['a', 'b'])
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
        expect(mergePayloads(other)).toEqual(mergePayloads(all))
      }),
    )
  })

  test('no value is ever erased: what was there stays or gives way to another value', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const data = mergePayloads(all)
        for (const { payload } of all) {
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
    const data = mergePayloads(all) as { a: { b: number[] } }
    data.a.b.push(2)
    expect(mergePayloads(all)).toEqual({ a: { b: [1] } })
    expect(all).toEqual(before)
  })

  test('every status of the table has a phase to be sorted by', () => {
    for (const status of CALL_STATUSES) {
      const known = entryOf({ status, occurredAt: 0 }, { n: 1 })
      expect(
        mergePayloads([known, entryOf({ status: null, word: '?', occurredAt: 9 }, { n: 2 })]),
      ).toEqual({
        n: 1,
      })
    }
  })
})

describe('createMerger', () => {
  test('after each entry it has what merging all of them gives, and tells what was gained', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const merger = createMerger()
        for (const [place, entry] of all.entries()) {
          const gained = merger.add(entry)
          const before = mergePayloads(all.slice(0, place))
          const after = mergePayloads(all.slice(0, place + 1))
          expect(merger.data()).toEqual(after)
          expect(gained.toSorted()).toEqual(fieldsGained(before, after).toSorted())
        }
        expect(merger.size).toBe(all.length)
      }),
      { numRuns: 1000 },
    )
  })

  test('places what names no attempt anew when a later entry tells of one', () => {
    const merger = createMerger()
    merger.add(entryOf({ status: 'completed', occurredAt: 9 }, { cost: 3, t: { a: 1 } }))
    expect(merger.add(entryOf({ status: 'queued', attempt: 2, occurredAt: 12 }, { t: 5 }))).toEqual(
      [],
    )
    expect(merger.data()).toEqual({ cost: 3, t: { a: 1 } })
    expect(merger.add(entryOf({ status: 'busy', attempt: 1, occurredAt: 8 }, { by: 1 }))).toEqual([
      'by',
    ])
    expect(merger.data()).toEqual({ cost: 3, t: 5, by: 1 })
  })

  test('a value that comes late hides what is older than it, however deep, and nothing newer', () => {
    const merger = createMerger()
    const said = { 1: { a: 1 }, 2: { a: { b: 1 } }, 5: { a: { c: 1 } }, 3: 9, 4: { a: { d: 1 } } }
    for (const occurredAt of [1, 2, 5, 3, 4] as const) {
      merger.add(entryOf({ status: 'completed', occurredAt }, { t: said[occurredAt] }))
    }
    expect(merger.data()).toEqual({ t: { a: { c: 1, d: 1 } } })
  })

  test("what it gives is the reader's own", () => {
    const merger = createMerger()
    merger.add(entryOf({ status: 'ringing' }, { a: { l: [{ b: 1 }] } }))
    const data = merger.data() as { a: { l: { b: number }[] } }
    data.a.l[0] = { b: 2 }
    data.a.l.push({ b: 3 })
    expect(merger.data()).toEqual({ a: { l: [{ b: 1 }] } })
  })
})

describe('fieldsGained', () => {
  test('names what has a value now and had none before', () => {
    const before = { cost: 1, name: '', t: { a: 1, b: null }, x: 5 }
    const after = { cost: 2, name: 'A', t: { a: 2, b: 3, c: { d: 4 } }, x: { y: 1 }, e: null }
    expect(fieldsGained(before, after)).toEqual(['name', 't.b', 't.c', 't.c.d', 'x.y'])
    expect(fieldsGained({}, { l: [{ a: 1 }], empty: [], none: {} })).toEqual(['l'])
  })

  test('as entries come one by one, each field is gained once', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const gained = all.flatMap((_, place) =>
          fieldsGained(
            mergePayloads(all.slice(0, place)),
            mergePayloads(all.slice(0, place + 1)),
          ).filter((path) => !path.includes('.')),
        )
        expect(gained.toSorted()).toEqual(Object.keys(mergePayloads(all)).toSorted())
      }),
    )
  })
})

function withoutProto(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).filter(([name]) => name !== '__proto__'))
  })
}
