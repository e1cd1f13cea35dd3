import type { FinalSources } from '../final-data.ts'

/**
 * Where Dialgen's messages hold what is final: in `callData` of the webhook and the metrics reply, in
 * `data` of the persistent status, in the message itself of the others. No message says a cost.
 */
export const dialgenFinalData = {
  recording: everywhere('recordingUrl'),
  transcript: everywhere('transcription'),
  extraction: everywhere('metricJson'),
} as const satisfies FinalSources

function everywhere(field: string): readonly string[] {
  return ['/callData', '/data', ''].map((envelope) => `${envelope}/${field}`)
}
