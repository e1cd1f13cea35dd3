import { isTerminal, type TransitionCheck } from 'callstate'
import type { Colors } from '../terminal.ts'

/** The answer as a picture for a person: the move, why, and the legal way where there is one. */
export function explanationText(check: TransitionCheck, colors: Colors): string {
  const { from, to, message } = check
  if (check.ok) {
    const source = check.source ?? 'our reading, no document states it'
    return `${from} ${colors.green('──▶')} ${to}\n${message}\n${colors.dim(`Source: ${source}`)}\n`
  }
  const lines = [`${from} ${colors.red('──╳')} ${to}`, message]
  if (check.path !== null && check.path.length > 2) {
    lines.push(`The way there: ${check.path.map(shown).join(' ─▶ ')}`)
  }
  return `${lines.join('\n')}\n`
}

function shown(status: string): string {
  return isTerminal(status) ? `${status} ■` : status
}
