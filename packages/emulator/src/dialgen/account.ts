import type { EmulatedCall } from '../call.ts'
import { talkSeconds } from '../stage.ts'

/** The call minutes of the account. */
export interface Account {
  /** Whole minutes that are left. */
  minutesLeft(): number
  /** Whether a call can be dialed. That it takes more than nothing is our reading. */
  isFunded(): boolean
  /** Takes the seconds that a completed call was up. */
  charge(call: EmulatedCall): void
}

/** Minutes where the options say nothing: enough for any test. */
export const DEFAULT_MINUTES = 1_000_000

/** Minutes that a new batch must have for each of its contacts. Stated. */
export const MINUTES_PER_CONTACT = 2

/** An account with so many call minutes. That calls cost their very seconds is our reading. */
export function createAccount(minutes: number): Account {
  let seconds = minutes * 60
  return {
    minutesLeft: () => Math.max(0, Math.floor(seconds / 60)),
    isFunded: () => seconds > 0,
    charge(call) {
      if (call.status === 'completed') seconds -= talkSeconds(call)
    },
  }
}
