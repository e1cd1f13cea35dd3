import { latestOf, readable } from './attempts.ts'
import type { Call } from './call.ts'
import { statusByEvidence } from './evidence.ts'

/** The call of what was heard, without statuses that only a later release knows: status and attempt are read off. */
export function readOff(heard: Call['heard'], unrecognized: Call['unrecognized']): Call {
  const latest = latestOf(heard)
  const status = latest ? statusByEvidence(latest) : null
  return { status, attempt: latest?.attempt ?? 1, heard, unrecognized }
}

/**
 * The call as this release reads it: the call itself, unless a later release, which has more statuses, wrote
 * it. Then it holds what is known here, and status and attempt are read off that. Pure; never throws.
 */
export function asRead(call: Call): Call {
  const heard = readable(call.heard)
  return heard === call.heard ? call : readOff(heard, call.unrecognized)
}
