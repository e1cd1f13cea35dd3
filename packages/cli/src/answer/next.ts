import { type CallStatus, isTerminal, LIFECYCLE, type Move, nextStatuses } from 'callstate'
import type { Colors } from '../terminal.ts'

/** What `callstate next --format json` says. */
export interface NextAnswer {
  readonly status: CallStatus
  readonly terminal: boolean
  readonly next: readonly (Move & { readonly status: CallStatus })[]
}

/** The legal moves from a status, with how each is known. Pure. */
export function nextOf(status: CallStatus): NextAnswer {
  const moves: { readonly [to: string]: Move } = LIFECYCLE[status].next
  const next = nextStatuses(status as string).flatMap((to) => {
    const move = moves[to]
    return move === undefined ? [] : [{ status: to, ...move }]
  })
  return { status, terminal: isTerminal(status), next }
}

/** The moves as a tree for a person. */
export function nextText({ status, next }: NextAnswer, colors: Colors): string {
  if (next.length === 0)
    return `${colors.bold(status)}  ends its attempt; only a new attempt can follow\n`
  const width = Math.max(...next.map((move) => move.status.length))
  const lines = next.map((move, index) => {
    const branch = index === next.length - 1 ? '└─▶' : '├─▶'
    const end = isTerminal(move.status) ? '■' : ' '
    const known = `${move.mark.padEnd(8)}  ${move.source ?? 'our reading'}`
    return `  ${branch} ${move.status.padEnd(width)} ${end}  ${colors.dim(known)}\n`
  })
  return `${colors.bold(status)}\n${lines.join('')}  ${colors.dim('■ ends the attempt')}\n`
}
