import type { CallStatus } from '../../lifecycle.ts'
import type { DialgenStatus } from './status.ts'

/**
 * Dialgen's word for each of our statuses. A loss of null means that the word leads back to the same
 * status. Our reading: Dialgen has no word for most of what callstate tells apart.
 */
export const DIALGEN_WORDS = {
  scheduled: { word: 'SCHEDULED', loss: 'That it waits for its time.' },
  prepared: { word: 'SCHEDULED', loss: 'That it is not queued yet.' },
  queued: { word: 'SCHEDULED', loss: null },
  rescheduled: { word: 'SCHEDULED', loss: 'That it was put off by calling hours.' },
  initiated: { word: 'ONGOING', loss: null },
  ringing: { word: 'ONGOING', loss: 'That it rings.' },
  'in-progress': { word: 'ONGOING', loss: 'That it was answered.' },
  'call-disconnected': { word: 'ONGOING', loss: 'That the line is down.' },
  completed: { word: 'COMPLETED', loss: null },
  'balance-low': { word: 'FAILED', loss: 'The reason, unless error says INSUFFICIENT_CREDITS.' },
  busy: { word: 'MISSED', loss: 'That the line was busy, unless error says BUSY.' },
  'no-answer': { word: 'MISSED', loss: null },
  canceled: {
    word: 'FAILED',
    loss: 'That it was canceled: Dialgen has no word and no code for it.',
  },
  failed: { word: 'FAILED', loss: null },
  stopped: { word: 'FAILED', loss: 'That it was stopped: Dialgen has no word and no code for it.' },
  error: { word: 'FAILED', loss: 'That the fault was inside, not on the line.' },
} as const satisfies Record<
  CallStatus,
  { readonly word: DialgenStatus; readonly loss: string | null }
>
