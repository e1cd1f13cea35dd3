import { CALL_STATUSES } from '../../lifecycle.ts'
import type { Provider, ProviderEvent, SignedDelivery } from '../../providers/provider.ts'
import { type ConformanceCheck, fail, type ProviderSamples, readSamples } from './samples.ts'

/** How messages come: what makes two the same, what may be relied on, who sent them. */
export function deliveryChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  const checks: ConformanceCheck[] = [
    {
      name: 'the dedupe key is the same for the same event and tells calls, attempts and statuses apart',
      run: () => dedupeKeyTellsEventsApart(provider, samples),
    },
    {
      name: 'the delivery facts are complete and agree with the samples',
      run: () => factsAgree(provider, samples),
    },
    {
      name: 'verify is there exactly where deliveries are signed',
      run: () => verifyIsThereWhereSigned(provider),
    },
  ]
  if (provider.delivery.signature === null) return checks
  return [
    ...checks,
    {
      name: 'verify accepts the signed sample and refuses every altered one',
      run: () => verifyRefusesAltered(provider, samples),
    },
  ]
}

function dedupeKeyTellsEventsApart(provider: Provider, samples: ProviderSamples): void {
  const [once, again] = [readSamples(provider, samples), readSamples(provider, samples)]
  for (const [place, { sample, event }] of once.entries()) {
    const key = provider.dedupeKey(event)
    const where = `the dedupe key of sample "${sample.name}"`
    const same = again[place]?.event
    if (same !== undefined && provider.dedupeKey(same) !== key) {
      fail(provider, `${where} is another one the second time`)
    }
    if (key === event.callId)
      fail(provider, `${where} is the call id alone; a call has many events`)
    for (const [what, other] of otherEvents(event)) {
      if (provider.dedupeKey(other) === key) {
        fail(provider, `${where} stays the same with another ${what}; one of the two would be lost`)
      }
    }
  }
}

function otherEvents(event: ProviderEvent): readonly (readonly [string, ProviderEvent])[] {
  // Another event of a provider that numbers its events has another number.
  const other =
    event.eventId === undefined ? event : { ...event, eventId: `${event.eventId}-another` }
  const statuses = CALL_STATUSES.filter((status) => status !== event.status)
  // Where the provider does not say the attempt, no key can tell it.
  const attempt = event.attempt ?? null
  return [
    ['call', { ...other, callId: `${event.callId}-another` }],
    ...(attempt === null ? [] : [['attempt', { ...other, attempt: attempt + 1 }] as const]),
    ...statuses.map((status) => ['status', { ...other, status }] as const),
  ]
}

function factsAgree(provider: Provider, samples: ProviderSamples): void {
  const { delivery } = provider
  const { eventIdField, sequenceField, eventTimeField, retryDelaysMs, signature } = delivery
  const texts = { eventIdField, sequenceField, eventTimeField, ...signature }
  for (const [key, text] of Object.entries(texts)) {
    if (text !== null && text.trim() === '') fail(provider, `${key} is empty; null says "none"`)
  }
  if (retryDelaysMs?.some((delay) => !Number.isFinite(delay) || delay < 0)) {
    fail(provider, 'a retry delay is not a number of milliseconds from 0 on')
  }
  if (delivery.sources.length === 0) fail(provider, 'its delivery facts name no document')

  const webhooks = readSamples(provider, samples)
    .map((read) => read.event)
    .filter((event) => event.source === 'webhook')
  if (webhooks.length === 0) fail(provider, 'no sample is a webhook; add one')
  const haveId = webhooks.some((event) => event.eventId !== undefined)
  const haveTime = webhooks.some((event) => (event.occurredAt ?? null) !== null)
  if (haveId !== (eventIdField !== null)) {
    fail(provider, `eventIdField says ${eventIdField}, but the webhooks say otherwise`)
  }
  if (haveTime !== (eventTimeField !== null)) {
    fail(provider, `eventTimeField says ${eventTimeField}, but the webhooks say otherwise`)
  }
}

function verifyIsThereWhereSigned(provider: Provider): void {
  const isSigned = provider.delivery.signature !== null
  if (isSigned && provider.verify === undefined) fail(provider, 'it signs, but has no verify')
  if (!isSigned && provider.verify !== undefined) {
    fail(provider, 'it has a verify, but its delivery facts name no signature')
  }
}

async function verifyRefusesAltered(provider: Provider, samples: ProviderSamples): Promise<void> {
  const { signed } = samples
  if (signed === undefined) fail(provider, 'it signs its deliveries; add a signed sample')
  if ((await verdict(provider, signed)) !== true) fail(provider, 'the signed sample is refused')
  const text = textOf(signed.rawBody)
  const bytes = new TextEncoder().encode(text)
  for (const rawBody of [text, bytes]) {
    if ((await verdict(provider, { ...signed, rawBody })) !== true) {
      fail(provider, 'the signed sample is accepted as text or as bytes, but not as both')
    }
  }
  for (const [what, altered] of alteredDeliveries(provider, signed, text)) {
    if ((await verdict(provider, altered)) !== false) {
      fail(provider, `a delivery with ${what} is not refused`)
    }
  }
}

async function verdict(provider: Provider, delivery: SignedDelivery): Promise<boolean | undefined> {
  try {
    return await provider.verify?.(delivery)
  } catch (error) {
    throw new Error(`Provider "${provider.name}": verify throws instead of refusing.`, {
      cause: error,
    })
  }
}

function alteredDeliveries(
  provider: Provider,
  signed: SignedDelivery,
  text: string,
): readonly (readonly [string, SignedDelivery])[] {
  const header = provider.delivery.signature?.header.toLowerCase() ?? ''
  const signature = String(signed.headers[header] ?? '')
  const withHeader = (value: string | undefined): SignedDelivery => ({
    ...signed,
    headers: { ...signed.headers, [header]: value },
  })
  const last = signature.at(-1) === '0' ? '1' : '0'
  return [
    ['an altered body', { ...signed, rawBody: altered(text) }],
    ['a damaged body', { ...signed, rawBody: `${text}}` }],
    ['an empty body', { ...signed, rawBody: '' }],
    ['another secret', { ...signed, secret: `${signed.secret}x` }],
    ['no signature', withHeader(undefined)],
    ['an empty signature', withHeader('')],
    ['a signature that is none', withHeader('none')],
    ['a signature that is cut off', withHeader(signature.slice(0, -1))],
    ['a signature that is one letter off', withHeader(signature.slice(0, -1) + last)],
  ]
}

/** Another message, not another spelling of it: some schemes sign the message as serialized anew. */
function altered(text: string): string {
  try {
    return JSON.stringify({ altered: true, ...JSON.parse(text) })
  } catch {
    return `${text}x`
  }
}

function textOf(rawBody: string | Uint8Array): string {
  return typeof rawBody === 'string' ? rawBody : new TextDecoder().decode(rawBody)
}
