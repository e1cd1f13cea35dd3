import { isTerminal, type TerminalStatus } from 'callstate'
import type { Random } from '../random.ts'
import { stageOf } from '../stage.ts'
import type { Execution } from './execution.ts'

/** Who ended the line and why, in Bolna's words. */
export interface Hangup {
  readonly hangup_by: string | null
  readonly hangup_reason: string | null
  readonly hangup_provider_code: number | null
}

const UNSAID: Hangup = { hangup_by: null, hangup_reason: null, hangup_provider_code: null }

/**
 * What a record says of the end of the line: nothing until it is down, and nothing ever over Twilio
 * (observed). Who, why and code go together as Bolna's page on hangups lists them. Pure.
 *
 * Source: https://www.bolna.ai/docs/list-phone-call-hangup-status
 */
export function hangupOf({ call, carrier }: Execution): Hangup {
  const { isDown, wasUp } = stageOf(call)
  const wasDialed = wasUp || call.initiatedAt !== null
  if (!isDown || !wasDialed || carrier === 'twilio') return UNSAID
  const stream = call.random(`hangup ${call.attempt}`)
  if (wasUp && call.status !== 'error') {
    if (call.line.isVoicemail) return hangup('API Request', 'voicemail_detected', 4000)
    if (call.line.talkMs === 0) return hangup('Callee', 'Call recipient rejected', 3020)
    return call.direction === 'inbound' ? INBOUND_END : stream.pick(CONVERSATION_ENDS)
  }
  return isTerminal(call.status) ? unreached(call.status, stream) : UNSAID
}

/** Observed, odd as the words are for a caller. */
const INBOUND_END = hangup('Caller', 'Call recipient hungup', 4000)

const CONVERSATION_ENDS = [
  hangup('Callee', 'Call recipient hungup', 4000),
  hangup('Callee', 'Call recipient hungup', 4000),
  hangup('API Request', 'llm_prompted_hangup', 4000),
  hangup('API Request', 'inactivity_timeout', 4000),
] as const

function unreached(status: TerminalStatus, stream: Random): Hangup {
  switch (status) {
    case 'busy':
      return hangup('Carrier', 'Call recipient was busy', 3010)
    case 'no-answer':
      return stream.pick([
        hangup('Carrier', 'Call unanswered', 3000),
        hangup('Carrier', 'Call recipient rejected', 3020),
      ])
    case 'failed':
      return stream.pick([
        hangup('Carrier', 'Call recipient number invalid', 2000),
        hangup('Error', 'Network Congestion from carrier', 3080),
      ])
    case 'canceled':
      return hangup('API Request', 'Call canceled', 4020)
    case 'error':
      return hangup('Error', 'Bolna Error', 7011)
    // Not documented.
    case 'stopped':
    case 'balance-low':
    case 'completed':
      return UNSAID
    default:
      return status satisfies never
  }
}

function hangup(by: string, reason: string, code: number): Hangup {
  return { hangup_by: by, hangup_reason: reason, hangup_provider_code: code }
}
