import type { Decision } from 'callstate'
import type { ParseIssue, ProviderEvent } from 'callstate/providers'
import type { TrackedCall } from '../calls/tracked-call.ts'

/** One thing heard: a provider's message, parsed or as it came, or an event that was made of one. */
export type IngestInput = (
  | {
      /** The provider's name. */
      readonly provider: string
      /** The message: a value that `JSON.parse` gave. */
      readonly body: unknown
    }
  | {
      readonly provider: string
      /** The message as it came; text or bytes in UTF-8. */
      readonly rawBody: string | Uint8Array
    }
  | {
      readonly event: ProviderEvent
      /** The message of which the event was made, to be kept with it. */
      readonly body?: unknown
    }
) & {
  /** When it came, ms since 1970; now where it is left out. */
  readonly receivedAt?: number
}

/** What became of one message. */
export type IngestResult =
  | {
      readonly ok: true
      readonly decision: Decision
      /** Whether the very same was stored before: nothing was added then. */
      readonly repeated: boolean
      /** The call as it is stored now. */
      readonly call: TrackedCall
      /** The place of the event in the call's history; null where it was repeated. */
      readonly sequence: number | null
    }
  /** Not an event of a call: nothing was stored. No issue repeats a value of the message. */
  | { readonly ok: false; readonly issues: readonly ParseIssue[] }
