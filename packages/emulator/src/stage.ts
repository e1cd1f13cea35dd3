import { isTerminal } from 'callstate'
import type { EmulatedCall } from './call.ts'

/** How far the line has come in the current attempt. */
export interface Stage {
  readonly wasRinging: boolean
  readonly wasUp: boolean
  /** The attempt is over, or its line is down. */
  readonly isDown: boolean
  /** All data is final. */
  readonly isFinal: boolean
}

/** How far the line has come. Pure. */
export function stageOf({ status, attempt, history }: EmulatedCall): Stage {
  const has = (one: string) =>
    history.some((change) => change.attempt === attempt && change.status === one)
  return {
    wasRinging: has('ringing'),
    wasUp: has('in-progress'),
    isDown: status === 'call-disconnected' || isTerminal(status),
    isFinal: status === 'completed',
  }
}

/** Seconds that the two sides have spoken; 0 until the line is down. Pure. */
export function talkSeconds(call: EmulatedCall): number {
  const { wasUp, isDown } = stageOf(call)
  return wasUp && isDown ? Math.round(call.line.talkMs / 100) / 10 : 0
}
