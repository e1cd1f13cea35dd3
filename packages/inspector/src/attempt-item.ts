import type { AttemptWithData, PayloadRef } from '@callstate/tracker'
import type { AttemptItem, ReferenceItem } from './wire.ts'

/**
 * What the page is told of the data of an attempt: numbers, fixed words, and where in which message a
 * recording, a transcript or an extraction stands. The reason is left out: it is free text. Pure.
 */
export function attemptItemOf({
  attempt,
  status,
  finalData,
  missing,
}: AttemptWithData<unknown>): AttemptItem {
  if (finalData === null) return { attempt, status, final: null, missing }
  const { durationMs, cost, hangupBy, voicemail } = finalData
  return {
    attempt,
    status,
    final: {
      durationMs,
      cost,
      hangupBy,
      voicemail,
      recording: referenceOf(finalData.recording),
      transcript: referenceOf(finalData.transcript),
      extraction: referenceOf(finalData.extraction),
    },
    missing,
  }
}

function referenceOf(ref: PayloadRef | null): ReferenceItem | null {
  return ref === null ? null : { sequence: ref.sequence, pointer: ref.pointer, pruned: ref.pruned }
}
