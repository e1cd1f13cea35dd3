import { CALL_STATUSES, type CallStatus, parseStatus } from 'callstate'
import { distance } from 'fastest-levenshtein'
import { printable } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** Other spellings that `parseStatus` knows: close to them, the status behind them is meant. */
const SPELLINGS: readonly (readonly [spelling: string, status: CallStatus])[] = [
  ...CALL_STATUSES,
  ...CALL_STATUSES.map((status) => status.replaceAll('-', '_')),
  'cancelled',
].flatMap((spelling) => {
  const { status } = parseStatus(spelling)
  return status === null ? [] : [[spelling, status] as const]
})

/** Mistyped letters up to which a status is suggested: about one in three. */
const LETTERS_PER_MISTAKE = 3

/** The status that a mistyped word may mean; null where none is close. Pure. */
export function suggestStatus(word: string): CallStatus | null {
  const typed = word.trim().toLowerCase().replaceAll(/\s+/g, '-')
  let best: { readonly status: CallStatus; readonly mistakes: number } | null = null
  for (const [spelling, status] of SPELLINGS) {
    // Of two that are equally far, the one that begins alike: first letters are seldom mistyped.
    const mistakes = distance(typed, spelling) + (typed[0] === spelling[0] ? 0 : 0.5)
    if (best === null || mistakes < best.mistakes) best = { status, mistakes }
  }
  if (best === null) return null
  return Math.floor(best.mistakes) <= Math.max(1, Math.floor(typed.length / LETTERS_PER_MISTAKE))
    ? best.status
    : null
}

/** The status that was typed, also in another known spelling. Throws a `UsageError` for anything else. */
export function statusArgument(word: string): CallStatus {
  const { status } = parseStatus(word)
  if (status !== null) return status
  const suggestion = suggestStatus(word)
  const hint =
    suggestion === null
      ? `The statuses are: ${CALL_STATUSES.join(', ')}.`
      : `Did you mean "${suggestion}"?`
  throw new UsageError(`expected a call status, got "${printable(word)}". ${hint}`)
}
