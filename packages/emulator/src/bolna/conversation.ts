import type { EmulatedCall } from '../call.ts'
import type { Range } from '../random.ts'
import { stageOf, talkSeconds } from '../stage.ts'
import type { Execution } from './execution.ts'

/** What was said and what was made of it, as far as the record shows it. */
export interface Conversation {
  readonly transcript: string | null
  readonly summary: string | null
  readonly extracted_data: Record<string, unknown> | null
  /** JSON text over Plivo, an object over Twilio; null in about a third of records (observed). */
  readonly agent_extraction: string | Record<string, unknown> | null
  readonly custom_extractions: null
  readonly usage_breakdown: Record<string, unknown> | null
  readonly latency_data: Record<string, unknown> | null
}

const TRANSCRIPT = 'assistant: Good morning, this is an invented call.\nuser: Good morning.'
const GREETING = 'user: Please leave a message after the tone.'

/** How many extractions are not ready at `completed`. That there are some was observed; the share is our reading. */
const LATE_EXTRACTION_SHARE = 0.2
/** How long after `completed` those are ready, in milliseconds. Our reading. */
const LATE_EXTRACTION_MS: Range = [5_000, 60_000]

/** How long after `completed` the extraction is there, in milliseconds; 0 for at once. Pure. */
export function extractionLagMs({ call }: Execution): number {
  const stream = call.random(`late extraction ${call.attempt}`)
  const isLate = stream.chance(LATE_EXTRACTION_SHARE)
  return isLate && extractionOf(call) !== null ? stream.whole(LATE_EXTRACTION_MS) : 0
}

/**
 * The transcript is there once the line is down (observed, against the documents), the extraction at
 * `completed` or later (observed), all else at `completed`. Pure.
 */
export function conversationOf({ call, carrier, extractedAt }: Execution): Conversation {
  const { isFinal, isDown, wasUp } = stageOf(call)
  const seconds = talkSeconds(call)
  const isSpoken = wasUp && isDown && seconds > 0
  const isDone = isSpoken && isFinal
  const extracted = isDone && extractedAt !== null ? extractionOf(call) : null
  return {
    transcript: isSpoken ? (call.line.isVoicemail ? GREETING : TRANSCRIPT) : null,
    summary: isDone ? 'An invented call.' : null,
    extracted_data: extracted,
    agent_extraction:
      extracted === null || carrier === 'twilio' ? extracted : JSON.stringify(extracted),
    custom_extractions: null,
    usage_breakdown: isDone ? usageOf(seconds) : null,
    latency_data: isDone ? LATENCY : null,
  }
}

/** What is made of the conversation of this attempt in the end; null for nothing. Pure. */
export function extractionOf(call: EmulatedCall): Record<string, unknown> | null {
  const stream = call.random(`extraction ${call.attempt}`)
  const isExtracted = stream.chance(2 / 3)
  const extraction = { user_interested: stream.chance(0.5), callback_user: stream.chance(0.2) }
  return isExtracted && !call.line.isVoicemail && talkSeconds(call) > 0 ? extraction : null
}

/** Names with underscores and without stand side by side (observed). */
function usageOf(seconds: number): Record<string, unknown> {
  const input = Math.round(seconds * 30)
  const output = Math.round(seconds * 2)
  return {
    synthesizer_characters: Math.round(seconds * 11),
    synthesizer_model: 'polly',
    transcriber_duration: seconds,
    transcriber_model: 'deepgram',
    llmModel: { 'model-a': { input, output } },
    llmTokens: input + output,
    voice_id: 'voice-1',
    buffer_size: 200,
  }
}

const LATENCY = {
  stream_id: 12.5,
  time_to_first_audio: 410.2,
  region: 'region-1',
  transcriber: { time_to_connect: 80, turns: [{ turn: 1, latency: 120 }] },
  llm: { time_to_connect: null, turns: [] },
  // Observed in place of a list.
  synthesizer: { time_to_connect: 90, turns: -1 },
  rag: null,
  interruption_stats: {},
}
