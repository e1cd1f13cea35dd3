import type { HangupParty } from 'callstate'
import type { Moment, StoryFacts } from 'callstate/providers'
import type { EmulatedCall } from '../call.ts'
import { AGENT_NUMBER } from '../numbers.ts'
import { stageOf, talkSeconds } from '../stage.ts'

const TRANSCRIPT = 'agent: Good morning, this is an invented call.\nperson: Good morning.'
const GREETING = 'person: Please leave a message after the tone.'
/** What a second of conversation costs, in the provider's unit. Our reading. */
const COST_A_SECOND = 0.001

/** A call at its latest step, of which a provider makes its messages. Pure. */
export function momentOf(call: EmulatedCall): Moment {
  const steps = call.history.map(({ attempt, status, at }) => ({ attempt, status, occurredAt: at }))
  const { id, direction, attempt, status, createdAt } = call
  const occurredAt = steps.at(-1)?.occurredAt ?? createdAt
  return { callId: id, direction, attempt, status, occurredAt, steps, facts: factsOf(call) }
}

/** What is known of the attempt as far as the status has come. */
function factsOf(call: EmulatedCall): StoryFacts {
  const { direction, destination, line } = call
  const { isDown, isFinal, wasRinging, wasUp } = stageOf(call)
  const isInbound = direction === 'inbound'
  const isSpoken = isFinal && talkSeconds(call) > 0
  return {
    from: isInbound ? destination : AGENT_NUMBER,
    to: isInbound ? AGENT_NUMBER : destination,
    ringMs: wasRinging && (wasUp || isDown) ? line.ringMs : null,
    talkMs: wasUp && isDown ? line.talkMs : null,
    hangupBy: isDown ? hangupOf(call) : null,
    voicemail: wasUp && isDown ? line.isVoicemail : null,
    cost: isFinal ? Math.round(talkSeconds(call) * COST_A_SECOND * 10_000) / 10_000 : null,
    recordingUrl: isSpoken ? `https://recordings.example/${call.id}` : null,
    transcript: isSpoken ? (line.isVoicemail ? GREETING : TRANSCRIPT) : null,
    extraction: isSpoken && !line.isVoicemail ? { interested: interestOf(call) } : null,
  }
}

/** Who ended the line; null where nobody did who could be named. */
function hangupOf(call: EmulatedCall): HangupParty | null {
  if (call.status === 'canceled') return 'api'
  if (call.status === 'busy' || call.status === 'no-answer') return 'carrier'
  if (!stageOf(call).wasUp || call.status === 'error') return null
  if (call.line.isVoicemail) return 'api'
  const person: HangupParty = call.direction === 'inbound' ? 'caller' : 'callee'
  if (call.line.talkMs === 0) return person
  return call.random(`hangup ${call.attempt}`).pick([person, person, 'agent'])
}

function interestOf(call: EmulatedCall): boolean {
  return call.random(`extraction ${call.attempt}`).chance(0.5)
}
