import { bolnaCall, seededRandom } from './bolna-call.ts'

const SEED = 7

/** The bodies of an answered call: six webhooks. */
export const WEBHOOK_BODIES: readonly string[] = bolnaCall(
  seededRandom(SEED),
  Date.UTC(2026, 0, 5, 9),
).map(({ body }) => body)

/** The last of them alone, with everything that a finished call has. */
export const FINISHED_BODIES: readonly string[] = WEBHOOK_BODIES.slice(-1)
