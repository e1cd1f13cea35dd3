import { type CallStatus, LIFECYCLE } from 'callstate'
import type { Colors } from '../terminal.ts'

/** How a status is coloured: as it ended, or as open. Pure. */
export function statusColor(status: CallStatus | null, colors: Colors): (text: string) => string {
  if (status === null) return colors.magenta
  const entry = LIFECYCLE[status]
  if (entry.class === 'intermediate') return colors.cyan
  switch (entry.group) {
    case 'successful':
      return colors.green
    case 'unanswered':
      return colors.yellow
    case 'unsuccessful':
      return colors.red
    default:
      return entry satisfies never
  }
}
