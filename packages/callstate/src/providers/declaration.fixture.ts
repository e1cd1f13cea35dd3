import { expect } from 'vitest'
import { isCallstateError } from '../index.ts'
import { defineProvider } from './define-provider.ts'
import type { ProviderDeclaration } from './provider.ts'

/** A declaration that says no more than it must. */
export const least = {
  name: 'acme',
  statuses: { DIALING: { status: 'initiated' }, DONE: { status: 'completed', loss: 'Much.' } },
  recognizes: () => false,
  read: () => ({ ok: true, type: 'skip', word: 'x' }),
} as const satisfies ProviderDeclaration

/** What `defineProvider` throws; it is given what a caller without types would hand over. */
export function refusal(declaration: unknown): unknown {
  try {
    return defineProvider(declaration as ProviderDeclaration)
  } catch (error) {
    return error
  }
}

/** What it says of a declaration that is right but for these parts. */
export function complaint(parts: object): string {
  const error = refusal({ ...least, ...parts })
  if (!isCallstateError(error)) throw new Error('Nothing is wrong with it.')
  expect([error.code, error.details]).toEqual(['invalid-provider', { provider: 'acme' }])
  const found = /^Provider "acme" cannot be defined: (.*)\.$/s.exec(error.message)
  return found?.[1] ?? error.message
}
