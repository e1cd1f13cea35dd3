import { type CallStatus, isTerminal, LIFECYCLE, lifecycleOf, type Move } from 'callstate'
import type { Provider } from 'callstate/providers'
import { type Colors, printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'

/** What `callstate next --format json` says. */
export interface NextAnswer {
  readonly status: CallStatus
  readonly terminal: boolean
  readonly next: readonly (Move & { readonly status: CallStatus })[]
}

/**
 * The legal moves from a status, in the table or in a provider's own lifecycle, with how each is known.
 * Throws a `UsageError` for a status that the provider has no word for.
 */
export function nextOf(status: CallStatus, provider: Provider | null): NextAnswer {
  const lifecycle = provider === null ? LIFECYCLE : lifecycleOf(provider)
  const entry = lifecycle[status]
  if (entry === undefined) {
    const statuses = Object.keys(lifecycle).join(', ')
    throw new UsageError(
      `expected a status of ${printable(provider?.title ?? '')}, got ${status}, which it never says. Its statuses are: ${statuses}.`,
    )
  }
  const moves = Object.entries(entry.next) as (readonly [CallStatus, Move])[]
  const next = moves.map(([to, move]) => ({ status: to, ...move }))
  return { status, terminal: isTerminal(status), next }
}

/** The moves as a tree for a person. */
export function nextText(
  { status, next }: NextAnswer,
  provider: Provider | null,
  colors: Colors,
): string {
  const title = `${colors.bold(status)}${atText(provider)}`
  if (next.length === 0) return `${title}  ends its attempt; only a new attempt can follow\n`
  const width = Math.max(...next.map((move) => move.status.length))
  const lines = next.map((move, index) => {
    const branch = index === next.length - 1 ? '└─▶' : '├─▶'
    const end = isTerminal(move.status) ? '■' : ' '
    const known = `${move.mark.padEnd(8)}  ${printable(move.source ?? 'our reading')}`
    return `  ${branch} ${move.status.padEnd(width)} ${end}  ${colors.dim(known)}\n`
  })
  return `${title}\n${lines.join('')}  ${colors.dim('■ ends the attempt')}\n`
}

/** Whose lifecycle an answer is about, where it is not the table. Pure. */
export function atText(provider: Provider | null): string {
  return provider === null ? '' : ` at ${printable(provider.title)}`
}
