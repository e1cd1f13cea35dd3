import type {
  ParseIssue,
  Provider,
  ProviderEvent,
  SignedDelivery,
} from '../../providers/provider.ts'

/** One rule for a provider, ready for any test framework. */
export interface ConformanceCheck {
  /** A sentence that says what holds. */
  readonly name: string
  /** Throws, or rejects, with an Error that says what does not hold. */
  run(): void | Promise<void>
}

/** What a sample is to be read as; what is left out is not compared. */
export type SampleExpectation = Partial<
  Pick<ProviderEvent, 'callId' | 'status' | 'attempt' | 'occurredAt' | 'source' | 'eventId'>
>

/** One message of the provider. */
export interface SampleMessage {
  readonly name: string
  /** The message as the provider's `parse` takes it: parsed JSON. */
  readonly body: unknown
  readonly expect?: SampleExpectation
  /**
   * Where the status word stands, as keys from the outside in. Left out, it is every text in the body
   * that equals the word that was read.
   */
  readonly statusAt?: readonly string[]
  /**
   * Why the shape of this message does not tell whose it is. Such a message is read where the provider
   * is named, and must not be recognized.
   */
  readonly ambiguous?: string
}

/** Messages of one provider. */
export interface ProviderSamples {
  readonly messages: readonly SampleMessage[]
  /** One delivery with its true signature; needed where the provider signs. */
  readonly signed?: SignedDelivery
}

/** Fails the check with a sentence about this provider. */
export function fail(provider: Provider, why: string): never {
  throw new Error(`Provider "${provider.name}": ${why}.`)
}

/** A sample that was read. */
export interface ReadSample {
  readonly sample: SampleMessage
  readonly event: ProviderEvent
}

export function readSamples(provider: Provider, samples: ProviderSamples): readonly ReadSample[] {
  return samples.messages.map((sample) => {
    const result = provider.parse(sample.body)
    if (!result.ok) {
      fail(provider, `sample "${sample.name}" is not read; ${summary(result.issues)}`)
    }
    return { sample, event: result.value }
  })
}

function summary(issues: readonly ParseIssue[]): string {
  const [first] = issues
  if (first === undefined) return 'no issue says why'
  const where = first.path === '' ? 'the message' : first.path
  return `${where} should be ${first.expected} and is ${first.received}`
}

/** Whether an event of this kind carries a status word of its own; a reply's status follows from the request. */
export function tellsStatus(event: ProviderEvent): boolean {
  return event.source !== 'call-reply' && event.source !== 'stop-reply'
}
