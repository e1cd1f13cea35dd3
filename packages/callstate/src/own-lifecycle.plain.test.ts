import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callMermaid, callSvg, machineSvg } from './diagram/index.ts'
import {
  CALL_STATUSES,
  type CallStatus,
  checkTransition,
  isCallstateError,
  LIFECYCLE,
  lifecycleOf,
  nextStatuses,
  type OwnLifecycle,
  observe,
  replay,
} from './index.ts'
import { startsOf } from './internal/index.ts'
import { createCallMachine } from './machine/index.ts'
import { defineProvider, type ProviderDeclaration } from './providers/index.ts'

/** What a user writes before `defineProvider` has seen it. */
const declared = {
  name: 'acme',
  statuses: {
    DIALING: { status: 'initiated' },
    TALKING: { status: 'in-progress' },
    DONE: { status: 'completed' },
    UNHEARD: { status: 'no-answer' },
  },
  recognizes: () => false,
  read: () => ({ ok: true, type: 'skip', word: 'x' }),
} as const satisfies ProviderDeclaration

/** Hands over what a caller without types would. */
const untyped = (value: unknown) => value as OwnLifecycle

describe('a plain declaration has the lifecycle that the defined provider has', () => {
  test('of the statuses that its words mean', () => {
    expect(Object.keys(lifecycleOf(declared))).toEqual([
      'initiated',
      'in-progress',
      'completed',
      'no-answer',
    ])
    expect(nextStatuses('in-progress', { provider: declared })).toEqual(['completed'])
    expect(checkTransition('in-progress', 'completed', { provider: declared }).ok).toBe(true)
    expect(startsOf('outbound', declared)[0]).toBe('initiated')
    expect(Object.keys(createCallMachine(declared).states)).toEqual(
      Object.keys(lifecycleOf(declared)),
    )
    const { decision } = observe(undefined, { status: 'completed' }, { provider: declared })
    expect(decision).toMatchObject({ kind: 'advanced', skipped: ['in-progress'] })
  })

  test('where it is drawn', () => {
    const provider = defineProvider(declared)
    expect(machineSvg({ provider: declared })).toBe(machineSvg({ provider }))
    const heard = (['initiated', 'ringing', 'in-progress', 'completed'] as const).map((status) => ({
      status,
    }))
    const { call } = replay(heard, { provider })
    expect(callSvg(call, { provider: declared })).toBe(callSvg(call, { provider }))
    expect(callMermaid(call, { provider: declared })).toBe(callMermaid(call, { provider }))
  })

  test('whatever its words mean, and with lacks of its own', () => {
    const ends = fc.constantFrom<CallStatus>('completed', 'failed', 'no-answer')
    const meanings = fc
      .tuple(ends, fc.subarray([...CALL_STATUSES]))
      .map(([end, others]) => [...new Set([end, ...others])])
    fc.assert(
      fc.property(
        meanings,
        fc.boolean(),
        fc.array(fc.constantFrom(...CALL_STATUSES)),
        (said, isLong, heard) => {
          const statuses = Object.fromEntries(said.map((status, n) => [`W${n}`, { status }]))
          const lacks = CALL_STATUSES.filter((one) => !said.includes(one)).slice(1)
          const plain = { ...declared, statuses, ...(isLong && { lacks }) }
          const defined = defineProvider(plain)
          expect(lifecycleOf(plain)).toEqual(lifecycleOf(defined))
          expect(startsOf('inbound', plain)).toEqual(startsOf('inbound', defined))
          const events = heard.map((status) => ({ status }))
          expect(replay(events, { provider: plain })).toEqual(replay(events, { provider: defined }))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('and without a word at all it is the table', () => {
    expect(Object.keys(lifecycleOf({ statuses: {} }))).toEqual(CALL_STATUSES)
    expect(Object.keys(lifecycleOf({ lacks: [], statuses: declared.statuses }))).toEqual(
      CALL_STATUSES,
    )
  })
})

describe('what is no list of statuses', () => {
  const wrong = [
    ['lacks', { lacks: 'ringing' }],
    ['lacks', { lacks: ['ringin'] }],
    ['lacks', { lacks: null }],
    ['lacks', { lacks: [undefined] }],
    ['moves', { moves: 'ringing' }],
    ['moves', { moves: [null] }],
  ] as const

  test.each(wrong)('is refused where a lifecycle is made of it: %s of %j', (part, provider) => {
    for (const make of [lifecycleOf, createCallMachine]) {
      expect(thrownBy(() => make(untyped(provider)))).toMatch(
        new RegExp(`^invalid-provider: .*\\b${part}: expected a list of`),
      )
    }
  })

  test.each(wrong)('counts as not said where nothing throws: %s of %j', (_, provider) => {
    const options = { provider: untyped(provider) }
    const events = [{ status: 'queued' }, { status: 'completed' }] as const
    expect(replay(events, options)).toEqual(replay(events))
    expect(checkTransition('initiated', 'ringing', options).ok).toBe(true)
    expect(nextStatuses('initiated', options)).toEqual(nextStatuses('initiated'))
  })

  test('nor does a wrong pair that is reported together throw', () => {
    for (const reportsBoth of ['busy', [null], [['busy', 'nothing']]]) {
      const options = { provider: untyped({ habits: { reportsBoth } }) }
      expect(observe(undefined, { status: 'busy' }, options).call.status).toBe('busy')
    }
  })

  test('beside words that mean something leaves what they mean', () => {
    const provider = untyped({ ...declared, lacks: ['ringin'] })
    expect(nextStatuses('in-progress', { provider })).toEqual(['completed'])
  })
})

describe('what is no provider', () => {
  test.each([[null], ['bolna'], [7], [[]]])(
    'is refused where a lifecycle is made of it: %j',
    (value) => {
      for (const make of [lifecycleOf, createCallMachine]) {
        expect(thrownBy(() => make(untyped(value)))).toMatch(
          /^invalid-provider: .*expected an object/,
        )
      }
    },
  )

  test.each([null, 'bolna', 7, true])(
    'is judged by the table where nothing throws: %j',
    (value) => {
      const options = { provider: untyped(value) }
      expect(observe(undefined, { status: 'ringing' }, options)).toEqual(
        observe(undefined, { status: 'ringing' }),
      )
      expect(checkTransition('ringing', 'in-progress', options)).toEqual(
        checkTransition('ringing', 'in-progress'),
      )
    },
  )

  test('stands for no options: a bare provider, or its name, is judged by the table', () => {
    const { call } = observe(undefined, { status: 'in-progress' })
    for (const bare of [declared, defineProvider(declared), 'bolna', { provider: 'bolna' }, null]) {
      const options = bare as { provider?: OwnLifecycle }
      const { decision } = observe(call, { status: 'completed' }, options)
      expect(decision).toMatchObject({ kind: 'advanced', skipped: ['call-disconnected'] })
      expect(checkTransition('in-progress', 'completed', options).ok).toBe(false)
    }
  })
})

test('the table is not touched by what a provider is', () => {
  expect(Object.keys(LIFECYCLE)).toEqual(CALL_STATUSES)
})

function thrownBy(make: () => unknown): string {
  try {
    make()
    return 'nothing'
  } catch (error) {
    return isCallstateError(error) ? `${error.code}: ${error.message}` : String(error)
  }
}
