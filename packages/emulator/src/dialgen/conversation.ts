import type { DialgenCall } from './calls.ts'

/** What was said and what was made of it. */
export interface Conversation {
  readonly transcription: readonly { readonly role: string; readonly content: string }[]
  readonly recordingUrl: string | null
  readonly summary: string | null
  readonly metricJson: Readonly<Record<string, unknown>> | null
}

/** Stated of a missed call: no recording and no transcript. Of a failed one it is our reading. */
const NONE: Conversation = {
  transcription: [],
  recordingUrl: null,
  summary: null,
  metricJson: null,
}

/** All of it is there once the call is completed (stated), and nothing before (our reading). Pure. */
export function conversationOf({ call }: DialgenCall): Conversation {
  if (call.status !== 'completed') return NONE
  const { isVoicemail } = call.line
  return {
    transcription: [
      { role: 'assistant', content: 'Good morning, this is an invented call.' },
      {
        role: 'user',
        content: isVoicemail ? 'Please leave a message after the tone.' : 'Good morning.',
      },
    ],
    recordingUrl: `https://recordings.example/${encodeURIComponent(call.id)}`,
    summary: 'An invented call.',
    metricJson: metricsOf(call.random(`metrics ${call.attempt}`).chance(0.5), isVoicemail),
  }
}

/** The standard metrics. Source: https://docs.dialgen.ai/api-reference/endpoint/get-call-metrics */
function metricsOf(isInterested: boolean, isVoicemail: boolean) {
  return {
    intent: isInterested ? 'SALES_INQUIRY' : 'OTHER',
    sentiment: 'neutral',
    confidence: 0.95,
    keyPoints: [],
    actionItems: [],
    // What the conversation came to; no status of the call.
    callStatus: isVoicemail ? 'RESCHEDULE' : 'SUCCESS',
    selfEvaluation: 'An invented evaluation.',
  }
}
