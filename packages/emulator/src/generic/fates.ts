import type { TerminalStatus } from 'callstate'
import type { Provider } from 'callstate/providers'
import { FATES, type Fate } from '../fate.ts'

/** How a call of each fate may end at last. */
const ENDS: Readonly<Record<Fate, readonly TerminalStatus[]>> = {
  answered: ['completed'],
  voicemail: ['completed'],
  rejected: ['completed'],
  busy: ['busy'],
  'no-answer': ['no-answer'],
  failed: ['failed'],
  canceled: ['canceled'],
  stopped: ['stopped'],
  error: ['error'],
  'balance-low': ['balance-low'],
  rescheduled: ['completed'],
  // The second where no further attempt is allowed.
  retried: ['completed', 'no-answer'],
  'late-completed': ['completed'],
}

/** The fates whose end a provider can say: of any other its calls would go on for ever. Pure. */
export function fatesOf({ lacks }: Pick<Provider, 'lacks'>): readonly Fate[] {
  return FATES.filter((fate) => !ENDS[fate].some((end) => lacks.includes(end)))
}
