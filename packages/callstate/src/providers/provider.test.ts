import { describe, expect, test } from 'vitest'
import { isCallstateError } from '../index.ts'
import { bolna } from './bolna/index.ts'
import { defineProvider, type Provider } from './provider.ts'

/** What `defineProvider` throws. */
function refusal(provider: unknown): unknown {
  try {
    // As a caller without types would hand it over.
    return defineProvider(provider as Provider)
  } catch (error) {
    return error
  }
}

describe('defineProvider', () => {
  test('gives a provider back as it is', () => {
    expect(defineProvider(bolna)).toBe(bolna)
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

  test('refuses a provider without a word for a status', () => {
    const { ringing: _, ...words } = bolna.words
    expect(String(refusal({ ...bolna, words }))).toBe(
      'CallstateError: Provider "bolna" cannot be defined: it has no word for ringing.',
    )
  })
})
