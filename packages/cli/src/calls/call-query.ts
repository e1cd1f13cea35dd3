import type { ListQuery, OverdueReason } from '@callstate/tracker'
import { LIFECYCLE, type Phase, type StatusClass, type StatusGroup } from 'callstate'
import { statusArgument } from '../command/status-word.ts'
import { printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { rangeText, type WholeRange, wholeNumberIn } from '../command/whole-number.ts'

const ENTRIES = Object.values(LIFECYCLE)

export const CLASSES: readonly StatusClass[] = [...new Set(ENTRIES.map((entry) => entry.class))]
export const PHASES: readonly Phase[] = [...new Set(ENTRIES.map(({ phase }) => phase))]
export const GROUPS: readonly StatusGroup[] = [
  ...new Set(ENTRIES.flatMap(({ group }) => (group === null ? [] : [group]))),
]

/** Stands for calls of which only words outside the table were heard. */
export const UNRECOGNIZED = 'unrecognized'

/** What calls are wanted, in words as they were typed. */
export interface QueryWords {
  readonly provider?: string | undefined
  readonly status?: string | undefined
  readonly class?: string | undefined
  readonly phase?: string | undefined
  readonly group?: string | undefined
  readonly settled?: string | undefined
}

/** Why a call can be overdue. */
export const OVERDUE_REASONS = ['silent', 'data'] as const satisfies readonly OverdueReason[]

/**
 * Reads the words; a provider is one of these names. Throws a `UsageError` that says what was expected.
 * Pure.
 */
export function callQuery(words: QueryWords, providers: readonly string[]): ListQuery {
  const { provider, status, phase, group, settled } = words
  return {
    ...(provider !== undefined && { provider: oneOf('provider', providers, provider) }),
    ...(status !== undefined && {
      status: status === UNRECOGNIZED ? null : statusArgument(status),
    }),
    ...(words.class !== undefined && { class: oneOf('class', CLASSES, words.class) }),
    ...(phase !== undefined && { phase: oneOf('phase', PHASES, phase) }),
    ...(group !== undefined && { group: oneOf('group', GROUPS, group) }),
    ...(settled !== undefined && {
      settled: oneOf('settled', ['true', 'false'], settled) === 'true',
    }),
  }
}

/** A whole number out of a range, from a word. Throws a `UsageError`. Pure. */
export function wholeNumber(name: string, word: string, range: WholeRange): number {
  const value = wholeNumberIn(word, range)
  if (value !== null) return value
  throw new UsageError(
    `expected "${name}" to be a whole number ${rangeText(range)}, got "${shown(word)}".`,
  )
}

/** One of a few words. Throws a `UsageError` that lists them. Pure. */
export function oneOf<Word extends string>(
  name: string,
  allowed: readonly Word[],
  word: string,
): Word {
  const found = allowed.find((one) => one === word)
  if (found !== undefined) return found
  throw new UsageError(
    `expected "${name}" to be one of ${allowed.join(', ')}, got "${shown(word)}".`,
  )
}

const SHOWN_CHARACTERS = 60

function shown(word: string): string {
  const text = printable(word)
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
