import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, isCallstateError } from '../index.ts'
import { bolna } from './bolna/index.ts'
import { complaint, least, refusal } from './declaration.fixture.ts'
import { dialgen } from './dialgen/index.ts'
import { defineProvider } from './index.ts'

describe('defineProvider', () => {
  test('gives a provider back as it is', () => {
    expect(defineProvider(bolna)).toBe(bolna)
    expect(defineProvider(dialgen)).toBe(dialgen)
  })

  test('fills in what was left out', () => {
    const { recognizes, read, ...rest } = defineProvider(least)
    expect(rest).toEqual({
      name: 'acme',
      title: 'acme',
      statuses: {
        DIALING: { status: 'initiated', loss: null },
        DONE: { status: 'completed', loss: 'Much.' },
      },
      lacks: CALL_STATUSES.filter((status) => !['initiated', 'completed'].includes(status)),
      moves: [],
      kinds: {},
      delivery: {
        ordered: false,
        repeats: true,
        retryDelaysMs: null,
        eventIdField: null,
        sequenceField: null,
        eventTimeField: null,
        sourceAddresses: [],
        sources: [],
      },
      receives: { methods: ['POST'], bodies: ['json'] },
      origin: [],
      habits: {
        reportsBoth: [],
        budgetsMs: {},
        retryPolicy: null,
        neverRetried: [],
        final: {},
        dataBudgetMs: 15 * 60_000,
      },
      finalData: null,
      ask: null,
      tell: null,
      answer: null,
    })
    expect(recognizes(null)).toBe(false)
    expect(read({ body: null, kind: null })).toEqual({ ok: true, type: 'skip', word: 'x' })
  })

  test('fills in what is undefined, and keeps what is said', () => {
    const parts = { delivery: { ordered: true, repeats: undefined }, title: undefined, ask: null }
    const provider = refusal({ ...least, ...parts, sameMessage: null, handshake: undefined })
    expect(provider).toMatchObject({ title: 'acme', delivery: { ordered: true, repeats: true } })
    expect(provider).not.toHaveProperty('sameMessage')
    expect(provider).not.toHaveProperty('handshake')
  })

  test('takes an object of a class, whose functions belong together', () => {
    class Acme {
      readonly name = 'acme'
      readonly statuses = least.statuses
      #seen = 0
      recognizes() {
        return this.name === 'acme'
      }
      read() {
        this.#seen++
        return { ok: true, type: 'skip', word: `${this.#seen}` } as const
      }
      tell() {
        return [{ kind: 'webhook', body: this.name } as const]
      }
      sameMessage() {
        return [this.name]
      }
      handshake() {
        return { status: 200, body: this.name }
      }
    }
    const { recognizes, read, tell, sameMessage, handshake } = defineProvider(new Acme())
    expect(recognizes(null)).toBe(true)
    expect(read({ body: null, kind: null })).toMatchObject({ word: '1' })
    expect(tell?.({} as never, 'webhook')).toEqual([{ kind: 'webhook', body: 'acme' }])
    expect(sameMessage?.(null)).toEqual(['acme'])
    expect(handshake?.({} as never)).toEqual({ status: 200, body: 'acme' })
  })

  test.each(['', 'Bolna', '9lives', 'two words', 'under_score'])(
    'refuses the name "%s"',
    (name) => {
      const error = refusal({ ...bolna, name })
      expect(isCallstateError(error) && [error.code, error.details]).toEqual([
        'invalid-provider',
        { provider: name },
      ])
      expect(String(error)).toBe(
        `CallstateError: Provider "${name}" cannot be defined: its name must be lower-case letters, digits and hyphens.`,
      )
    },
  )

  test('refuses a word that leads out of the table', () => {
    const statuses = { ...bolna.statuses, hello: { status: 'hello', loss: null } }
    expect(String(refusal({ ...bolna, statuses }))).toBe(
      'CallstateError: Provider "bolna" cannot be defined: "hello" leads to "hello", which is not one of the 16 statuses.',
    )
  })
})

const record = () => []

describe('hostile declarations', () => {
  const trap = () => {
    throw new TypeError('a trap')
  }
  const trapped = new Proxy(
    {},
    { get: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap },
  )

  test('a part that cannot be read is the fault of the provider, whose name is said', () => {
    const parts = ['title', 'statuses', 'read', 'moves', 'habits', 'origin', 'ask', 'answer']
    for (const part of parts) {
      const declaration = { ...least }
      Object.defineProperty(declaration, part, { get: trap, enumerable: true })
      const error = refusal(declaration)
      expect(String(error)).toBe(
        'CallstateError: Provider "acme" cannot be defined: it cannot be read.',
      )
      expect(isCallstateError(error) && error.cause).toEqual(new TypeError('a trap'))
      expect(complaint({ [part]: trapped })).toBeTypeOf('string')
    }
    expect(String(refusal(trapped))).toBe(
      'CallstateError: Provider "?" cannot be defined: its name cannot be read.',
    )
  })

  test('whatever comes is defined, or refused with the name of the provider', () => {
    const anything = fc.oneof(
      fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true, withDate: true }),
      fc.constantFrom<unknown>(Symbol('x'), [], [[]], [null], {}, '', 0, record),
    )
    const nested = fc.oneof(anything, fc.array(anything), fc.dictionary(fc.string(), anything))
    const parts = Object.keys(bolna).filter((part) => part !== 'name')
    const seen = { defined: 0, refused: 0 }
    fc.assert(
      fc.property(fc.constantFrom(...parts), nested, (part, value) => {
        const answer = refusal({ ...least, [part]: value })
        if (isCallstateError(answer)) {
          seen.refused++
          expect(answer.message).toMatch(/^Provider "acme" cannot be defined: .*\.$/s)
        } else {
          seen.defined++
          expect(answer).toHaveProperty('name', 'acme')
        }
      }),
      { numRuns: 2000 },
    )
    expect(Math.min(seen.defined, seen.refused)).toBeGreaterThan(20)
    fc.assert(
      fc.property(nested, (declaration) => {
        const answer = refusal(declaration)
        expect(isCallstateError(answer) && answer.code).toBe('invalid-provider')
      }),
    )
  })
})
