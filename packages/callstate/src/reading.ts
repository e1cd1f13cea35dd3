import { hasForeign, latestOf } from './attempts.ts'
import type { Call } from './call.ts'
import { statusByEvidence } from './evidence.ts'

/** The call of what was heard: its status and its attempt are read off. */
export function readOff(heard: Call['heard'], unrecognized: Call['unrecognized']): Call {
  const latest = latestOf(heard)
  const status = latest ? statusByEvidence(latest) : null
  return { status, attempt: latest?.attempt ?? 1, heard, unrecognized }
}

/**
 * The call as this release reads it. It is the call itself, unless a release that has more statuses wrote
 * it: then status and attempt are those of what is known here. Pure; never throws.
 */
export function asRead(call: Call): Call {
  return call.heard.some(hasForeign) ? readOff(call.heard, call.unrecognized) : call
}
