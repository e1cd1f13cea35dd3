import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spelling, writeJson } from '../testing/spelling.ts'
import { PROVIDERS } from './all.ts'
import { least } from './declaration.fixture.ts'
import { defineProvider } from './define-provider.ts'
import type { Amount, FinalSources, SaidFields } from './final-data.ts'
import { FINAL_FIELDS } from './final-data.ts'
import { finalFieldsIn } from './final-fields-in.ts'
import type { ProviderEvent } from './message.ts'

type Said = Pick<ProviderEvent, 'status' | 'details'>
const END: Said = { status: 'completed' }

/** What a provider with such sources says of a body; they may be of a type that no honest one has. */
function saidBy(finalData: object | null, body: unknown, event: Said = END): SaidFields {
  return finalFieldsIn({ finalData: finalData as FinalSources | null }, event, body)
}

const amount = (said: unknown) => ({ amount: said, currency: 'USD', unit: null })

describe('a reference', () => {
  const sources = { recording: ['/a/url', '/b/0', '/c'] }

  test.each<[unknown, string | undefined]>([
    [{ a: { url: 'x' }, b: ['y'], c: 'z' }, '/a/url'],
    [{ a: { url: '' }, b: ['y'], c: 'z' }, '/b/0'],
    [{ a: { url: null }, b: [[]], c: { d: null } }, '/c'],
    [{ a: { url: {} }, b: [], c: 0 }, '/c'],
    [{ a: null, b: null, c: false }, '/c'],
    [{ c: [] }, undefined],
    [{}, undefined],
    [null, undefined],
    ['text', undefined],
    [[{ c: 1 }], undefined],
  ])('in %j is %j', (body, pointer) => {
    expect(saidBy(sources, body)).toEqual(pointer === undefined ? {} : { recording: pointer })
  })

  test('is never to what a prototype has', () => {
    const every = ['/toString', '/__proto__', '/constructor/name', '/length', '/0/length']
    for (const body of [{}, [], ['x'], 'text', new Date(0), () => 1]) {
      expect(saidBy({ transcript: every }, body)).toEqual({})
    }
  })
})

describe('a cost', () => {
  test('is there where it is a finite amount in a currency, or in a unit', () => {
    expect(saidBy({ cost: () => amount(22.5) }, {})).toEqual({ cost: amount(22.5) })
    const cents = { amount: 0, currency: null, unit: 'cent' }
    expect(saidBy({ cost: () => ({ ...cents, amount: -0 }) }, {})).toEqual({ cost: cents })
    expect(Object.is(saidBy({ cost: () => ({ ...cents, amount: -0 }) }, {}).cost?.amount, 0)).toBe(
      true,
    )
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['nothing', undefined],
    ['NaN', amount(Number.NaN)],
    ['Infinity', amount(Number.POSITIVE_INFINITY)],
    ['text', amount('22')],
    ['a number', 22],
    ['a list', [22, 'USD']],
    ['an amount without a currency', { amount: 22 }],
    ['two units', { amount: 22, currency: 'USD', unit: 'cent' }],
    ['no unit', { amount: 22, currency: null, unit: null }],
    ['an empty unit', { amount: 22, currency: null, unit: '' }],
    ['no currency that there is', { amount: 22, currency: 'usd', unit: null }],
    ['a promise', Promise.resolve(amount(22))],
  ])('is not said by %s', (_, answer) => {
    expect(saidBy({ cost: () => answer }, {})).toEqual({})
  })

  test('that throws takes nothing else with it', () => {
    const cost = () => {
      throw new Error('The provider is broken.')
    }
    const event: Said = { status: 'completed', details: { talkMs: 5, hangupBy: 'callee' } }
    expect(saidBy({ cost, recording: ['/r'] }, { r: 'x' }, event)).toEqual({
      durationMs: 5,
      hangupBy: 'callee',
      recording: '/r',
    })
  })

  test('keeps the object that its function is of', () => {
    class Sources {
      readonly #unit = 'cent'
      cost(): Amount {
        return { amount: 1, currency: null, unit: this.#unit }
      }
    }
    const habits = { final: { completed: { final: ['cost'] as const, expected: [] } } }
    const provider = defineProvider({ ...least, habits, finalData: new Sources() })
    expect(finalFieldsIn({ ...provider }, END, {}).cost?.unit).toBe('cent')
  })
})

test('what is read with the event is what its details say, as far as they can be', () => {
  const details = { talkMs: 0, hangupBy: 'agent', reason: 'x', voicemail: false } as const
  expect(saidBy(null, {}, { status: 'completed', details })).toEqual({
    durationMs: 0,
    hangupBy: 'agent',
    reason: 'x',
    voicemail: false,
  })
  const wrong = { talkMs: Number.NaN, hangupBy: 'toString', reason: 7, voicemail: 'no' }
  const broken = { status: 'completed', details: wrong } as unknown as Said
  expect(saidBy(null, {}, broken)).toEqual({})
})

test('it never throws, and says no more than there is to say', () => {
  const strange = new Proxy(
    {},
    {
      get: () => {
        throw new Error('Not to be read.')
      },
      getOwnPropertyDescriptor: () => {
        throw new Error('Not to be looked for.')
      },
    },
  )
  const value = fc.oneof(fc.anything(), fc.jsonValue(), fc.constant(strange))
  fc.assert(
    fc.property(value, value, value, (body, cost, details) => {
      const event = { status: 'completed', details } as Said
      const own = { cost: () => cost, recording: ['', '/0', '/a'], transcript: cost }
      const all = [...PROVIDERS, { finalData: own as unknown as FinalSources }]
      for (const provider of all) {
        const said = finalFieldsIn(provider, event, body)
        for (const field of Object.keys(said)) expect(FINAL_FIELDS).toContain(field)
        if (said.cost !== undefined) expect(said.cost.amount).toBeTypeOf('number')
      }
    }),
  )
})

test('what JSON says is the same in the spelling of every language', () => {
  const body = {
    id: 'c-1',
    status: 'completed',
    total_cost: 22,
    transcript: 'café € <2>',
    telephony_data: { recording_url: 'https://recordings.example/r?a=1&b=2' },
    extracted_data: { big: 1e16, small: 1e-7, quote: 'a"b\'c' },
  }
  const [bolna] = PROVIDERS
  fc.assert(
    fc.property(spelling(), (spelled) => {
      const heard: unknown = JSON.parse(writeJson(body, spelled))
      expect(bolna && finalFieldsIn(bolna, END, heard)).toEqual({
        cost: { amount: 22, currency: null, unit: 'cent' },
        recording: '/telephony_data/recording_url',
        transcript: '/transcript',
        extraction: '/extracted_data',
      })
    }),
  )
})
