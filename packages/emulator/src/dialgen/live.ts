import { DIALGEN_LIMITS } from 'callstate/internal/providers/dialgen'

const LIVE_MS = DIALGEN_LIMITS.liveStatusDays * 24 * 60 * 60_000

/** Whether what was made then still has a live status: for 30 days from its creation (stated). Pure. */
export function isLive(createdAt: number, now: number): boolean {
  return now - createdAt < LIVE_MS
}
