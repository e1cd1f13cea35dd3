import type { ProviderEvent, SaidFields } from 'callstate/providers'

/** What one message says of one call at one moment, and what is kept of the message. */
export interface Message {
  /** `data`: it tells no status; its event then has the provider's kind of message as its word. */
  readonly type: 'event' | 'data'
  readonly event: ProviderEvent
  /** What the whole message says of final fields, where what it tells can be final. */
  readonly final: SaidFields
  /** JSON text, redacted; null where there was no message. */
  readonly payload: string | null
  /** The payload's value, as parsing it gives it; undefined where there is none, or nothing in it is final. */
  readonly kept: () => unknown
  /** A digest of the payload's value as JavaScript writes it, for telling messages apart; null where there is none. */
  readonly digest: string | null
  /** Whether the payload is the whole message, so that the event follows from it. */
  readonly isWhole: boolean
  /** What makes two deliveries one message where the provider names it, as text; else null. */
  readonly sameAs: string | null
}
