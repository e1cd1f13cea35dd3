import type { CallStatus } from '../../lifecycle.ts'
import type { StatusMeaning } from '../provider.ts'

const own = <Status extends CallStatus>(status: Status) => ({ status, loss: null })

/** Bolna's words are ours: nothing is translated, nothing is lost. */
export const BOLNA_STATUSES = {
  scheduled: own('scheduled'),
  prepared: own('prepared'),
  queued: own('queued'),
  rescheduled: own('rescheduled'),
  initiated: own('initiated'),
  ringing: own('ringing'),
  'in-progress': own('in-progress'),
  'call-disconnected': own('call-disconnected'),
  completed: own('completed'),
  'balance-low': own('balance-low'),
  busy: own('busy'),
  'no-answer': own('no-answer'),
  canceled: own('canceled'),
  failed: own('failed'),
  stopped: own('stopped'),
  error: own('error'),
} as const satisfies { readonly [Status in CallStatus]: StatusMeaning }
