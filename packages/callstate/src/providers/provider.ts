import type { CallStatus, TerminalStatus } from '../lifecycle.ts'
import type { OwnLifecycle, ProviderMove } from '../own-lifecycle.ts'
import type { Budgets } from '../read.ts'
import type { RetryPolicy } from '../retry-policy.ts'
import type { Ask } from './ask.ts'
import type { BodyForm } from './body/body-form.ts'
import type { FinalFields, FinalSources } from './final-data.ts'
import type { Delivery, Message, Reading } from './message.ts'
import type { OriginScheme } from './origin/scheme.ts'
import type { Tell } from './tell.ts'

/** What one of the provider's status words means, and what the translation loses. */
export interface StatusMeaning {
  readonly status: CallStatus
  /** What the provider's word leaves open or our word cannot say; null where nothing is lost. */
  readonly loss: string | null
}

/** How a provider delivers its webhooks: facts to rely on, each from its documents. */
export interface DeliveryFacts {
  /** Whether deliveries keep the order of the events. */
  readonly ordered: boolean
  /** Whether one event may be delivered more than once. */
  readonly repeats: boolean
  /** Waiting times in milliseconds between tries of one delivery; null where they are not published. */
  readonly retryDelaysMs: readonly number[] | null
  /** The field that identifies an event; null where there is none. */
  readonly eventIdField: string | null
  /** The field that numbers a call's events; null where there is none. */
  readonly sequenceField: string | null
  /** The field with the provider's time of an event; null where there is none. */
  readonly eventTimeField: string | null
  /**
   * The addresses from which deliveries come; empty where none are published. A fact, and no proof by
   * itself: who receives says whether it counts.
   */
  readonly sourceAddresses: readonly string[]
  /** Addresses of the documents that say so. */
  readonly sources: readonly string[]
}

/** In which requests a provider's messages come. */
export interface Receives {
  /** In capitals. */
  readonly methods: readonly string[]
  readonly bodies: readonly BodyForm[]
}

/** What is usual for a provider and is neither a conflict nor silence. */
export interface Habits {
  /** See `OwnLifecycle`. */
  readonly reportsBoth: readonly (readonly [CallStatus, CallStatus])[]
  /** How long its statuses last before silence becomes suspicious, where that is not `DEFAULTS.budgetsMs`. */
  readonly budgetsMs: Partial<Budgets>
  /** When it places another attempt by itself, where neither its messages nor the user say it; null for never. */
  readonly retryPolicy: RetryPolicy | null
  /** The ends after which it never places another attempt, whatever is configured. */
  readonly neverRetried: readonly TerminalStatus[]
  /** By end: what its messages hold that is final, and what is expected of them. */
  readonly final: Readonly<Partial<Record<TerminalStatus, FinalFields>>>
  /** How long after an end the data that are expected of it may take, in milliseconds. */
  readonly dataBudgetMs: number
}

/** What a provider wants back. */
export interface WebhookAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * Everything callstate knows of one provider: data and pure functions. Made by `defineProvider` from a
 * `ProviderDeclaration`.
 */
export interface Provider extends OwnLifecycle {
  /** Lower case; names the provider in data and on the command line. */
  readonly name: string
  /** The name as the provider writes it. */
  readonly title: string
  /** The provider's status words and what they mean. Words beyond these are unrecognized, never guessed. */
  readonly statuses: Readonly<Record<string, StatusMeaning>>
  /** The statuses of the table that it has no word for. */
  readonly lacks: readonly CallStatus[]
  /** The moves that its documents state or recordings show. */
  readonly moves: readonly ProviderMove[]
  /** Its kinds of message that tell no status: `data` is kept with the call, `skip` is counted alone. */
  readonly kinds: Readonly<Record<string, 'data' | 'skip'>>
  readonly delivery: DeliveryFacts
  readonly receives: Receives
  /** All must pass; empty where the provider proves nothing by itself. */
  readonly origin: readonly OriginScheme[]
  readonly habits: Habits
  /** Where its messages hold what is final of an attempt; null where it says nothing of the kind. */
  readonly finalData: FinalSources | null
  /** How it is asked; null where it answers no questions. */
  readonly ask: Ask | null
  /** How it says things; null where that is not known. */
  readonly tell: Tell | null
  /** What it wants back for a delivery that was taken in; null for any 200. */
  readonly answer: WebhookAnswer | null
  /** Whether a message looks like one of this provider's, by its shape alone. Pure; never throws. */
  recognizes(body: unknown): boolean
  /** Reads a decoded message. Pure; never throws. */
  read(message: Message): Reading
  /**
   * The values that make two deliveries one message, where their bytes differ although they say the same;
   * null where the digest of what is kept decides, as it does without this function. Pure; never throws.
   */
  sameMessage?(body: unknown): readonly unknown[] | null
  /** Answers a delivery that asks whether somebody is there, and tells nothing; null for every other. */
  handshake?(delivery: Delivery): WebhookAnswer | null
}

/**
 * What a provider is declared by: plain data and functions, of which most may be left out. A file that
 * exports one by default is a provider for every command (`--provider ./acme.js`), and need not import
 * callstate.
 */
export interface ProviderDeclaration {
  readonly name: string
  /** The name by default. */
  readonly title?: string
  /** `loss` may be left out where nothing is lost. */
  readonly statuses: Readonly<
    Record<string, { readonly status: CallStatus; readonly loss?: string | null }>
  >
  /** By default every status that none of `statuses` leads to. */
  readonly lacks?: readonly CallStatus[]
  readonly moves?: readonly ProviderMove[]
  readonly kinds?: Readonly<Record<string, 'data' | 'skip'>>
  /** By default nothing is promised: no order, repeats, nothing published. */
  readonly delivery?: Partial<DeliveryFacts>
  /** JSON by POST by default. */
  readonly receives?: Partial<Receives>
  readonly origin?: readonly OriginScheme[]
  readonly habits?: Partial<Habits>
  readonly finalData?: FinalSources | null
  readonly ask?: Ask | null
  readonly tell?: Tell | null
  readonly answer?: WebhookAnswer | null
  recognizes(body: unknown): boolean
  read(message: Message): Reading
  sameMessage?(body: unknown): readonly unknown[] | null
  handshake?(delivery: Delivery): WebhookAnswer | null
}
