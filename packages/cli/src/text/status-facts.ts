import {
  type CallStatus,
  LIFECYCLE,
  type Phase,
  type StatusClass,
  type StatusGroup,
} from 'callstate'
import type { Colors } from '../command/terminal.ts'

/** What the table says of a status, as JSON answers hold it; all null for a word outside the table. */
export interface StatusFacts {
  readonly status: CallStatus | null
  readonly class: StatusClass | null
  readonly phase: Phase | null
  readonly group: StatusGroup | null
}

/** Looks a status up. The order of the keys is part of the format. Pure. */
export function statusFacts(status: CallStatus | null): StatusFacts {
  const entry = status === null ? null : LIFECYCLE[status]
  return {
    status,
    class: entry?.class ?? null,
    phase: entry?.phase ?? null,
    group: entry?.group ?? null,
  }
}

/** Under what calls are summed up for a person: how they ended, or that they did not. */
export const HEADINGS = [
  'successful',
  'unanswered',
  'unsuccessful',
  'still open',
  'unrecognized',
] as const

export type Heading = (typeof HEADINGS)[number]

/** The heading of a status. Pure. */
export function headingOf(status: CallStatus | null): Heading {
  if (status === null) return 'unrecognized'
  const entry = LIFECYCLE[status]
  return entry.class === 'terminal' ? entry.group : 'still open'
}

/** How a heading and what stands under it are coloured. Pure. */
export function headingColor(heading: Heading, colors: Colors): (text: string) => string {
  switch (heading) {
    case 'successful':
      return colors.green
    case 'unanswered':
      return colors.yellow
    case 'unsuccessful':
      return colors.red
    case 'still open':
      return colors.cyan
    case 'unrecognized':
      return colors.magenta
    default:
      return heading satisfies never
  }
}

/** How a status is coloured: as its heading. Pure. */
export function statusColor(status: CallStatus | null, colors: Colors): (text: string) => string {
  return headingColor(headingOf(status), colors)
}
