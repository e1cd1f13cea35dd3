import { isTerminal, type TransitionCheck } from 'callstate'
import type { Provider } from 'callstate/providers'
import { type Colors, printable } from '../command/terminal.ts'
import { atText } from './next.ts'

/** The answer as a picture for a person: the move, why, and the legal way where there is one. */
export function explanationText(
  check: TransitionCheck,
  provider: Provider | null,
  colors: Colors,
): string {
  const { from, to, message } = check
  const at = atText(provider)
  if (check.ok) {
    const source = check.source ?? 'our reading, no document states it'
    return `${from} ${colors.green('──▶')} ${to}${at}\n${message}\n${colors.dim(`Source: ${printable(source)}`)}\n`
  }
  const lines = [`${from} ${colors.red('──╳')} ${to}${at}`, message]
  if (check.path !== null && check.path.length > 2) {
    lines.push(`The way there: ${check.path.map(shown).join(' ─▶ ')}`)
  }
  return `${lines.join('\n')}\n`
}

function shown(status: string): string {
  return isTerminal(status) ? `${status} ■` : status
}
