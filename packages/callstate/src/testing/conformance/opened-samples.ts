import { decodeDelivery } from '../../providers/body/decode-delivery.ts'
import type { Delivery, Message, ParseIssue, Reading } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import { fail, type ProviderSamples, type SampleDelivery, type SampleMessage } from './samples.ts'

/** A sample as `read` takes it. */
export interface OpenedSample {
  readonly sample: SampleMessage
  readonly message: Message
}

/** A sample that was read. */
export interface ReadSample extends OpenedSample {
  readonly reading: Extract<Reading, { readonly ok: true }>
}

/** The samples, those decoded that are deliveries. */
export function openSamples(
  provider: Provider,
  { messages }: ProviderSamples,
): Promise<readonly OpenedSample[]> {
  return Promise.all(
    messages.map(async (sample) => ({ sample, message: await messageOf(provider, sample) })),
  )
}

/** The samples with what the provider reads in them. */
export async function readSamples(
  provider: Provider,
  samples: ProviderSamples,
): Promise<readonly ReadSample[]> {
  const opened = await openSamples(provider, samples)
  return opened.map(({ sample, message }) => {
    const reading = provider.read(message)
    if (!reading.ok) {
      fail(provider, `sample "${sample.name}" is not read; ${summary(reading.issues)}`)
    }
    return { sample, message, reading }
  })
}

/** A sample as the delivery that it stands for. */
export function deliveryOf({ contentType, body = '', ...sample }: SampleDelivery): Delivery {
  const { method = 'POST', url = 'https://receiver.example/webhooks', headers = {} } = sample
  return {
    method,
    url,
    headers: { ...(contentType === undefined ? {} : { 'content-type': contentType }), ...headers },
    remoteAddress: null,
    receivedAt: 0,
    rawBody: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  }
}

async function messageOf(provider: Provider, sample: SampleMessage): Promise<Message> {
  if (sample.delivery === undefined) {
    return { body: sample.body, kind: sample.kind ?? null }
  }
  const delivery = deliveryOf(sample.delivery)
  const decoding = await decodeDelivery(provider.receives, delivery)
  if (!decoding.ok) {
    const why = `${decoding.reason}; ${summary(decoding.issues)}`
    fail(provider, `sample "${sample.name}" is not decoded: ${why}`)
  }
  const { body, query } = decoding
  return { body, query, headers: delivery.headers, kind: sample.kind ?? 'webhook' }
}

function summary(issues: readonly ParseIssue[]): string {
  const [first] = issues
  if (first === undefined) return 'no issue says why'
  const where = first.path.length === 0 ? 'the message' : first.path.join('.')
  return `${where} should be ${first.expected} and is ${first.received}`
}
