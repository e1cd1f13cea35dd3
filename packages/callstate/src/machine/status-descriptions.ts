import type { CallStatus } from '../lifecycle.ts'

/** What each status says, for a person who looks at the chart. Sources: Bolna's status list and errors page. */
export const STATUS_DESCRIPTIONS = {
  scheduled: 'Waits for a set time, which may be the time of an automatic retry.',
  prepared: 'The record is made and checked, and not yet handed to the dial queue.',
  queued: 'Accepted; waits to be dialed.',
  rescheduled: 'Put off by the calling guardrails, such as the allowed hours.',
  initiated: 'Dialing has started.',
  ringing: "The person's phone is ringing.",
  'in-progress': 'Answered; the conversation is on.',
  'call-disconnected': 'The line is down, the data is not final yet.',
  completed: 'Over, and all data is final.',
  'balance-low': 'Not placed: the balance was too low.',
  busy: 'The line was busy.',
  'no-answer': 'Nobody picked up.',
  canceled: 'Called off before an answer.',
  failed: 'The telephony provider could not connect the call.',
  stopped: 'Stopped on request, or because the telephony provider did not respond.',
  error: 'An internal error ended the call.',
} as const satisfies Record<CallStatus, string>
