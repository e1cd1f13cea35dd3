import fc from 'fast-check'
import type { BodyDecoder, BodyForm } from '../../providers/body/body-form.ts'
import { formOf } from '../../providers/body/received-form.ts'
import { textInFixedOrder } from '../../providers/fixed-order.ts'
import type { Delivery } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import { codeUnit } from '../events.ts'
import { deliveryOf, openSamples, readSamples } from './opened-samples.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'

/** How messages come, and what may be relied on. */
export function deliveryChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  const checks: ConformanceCheck[] = [
    {
      name: 'the delivery facts are complete and agree with the samples',
      proves: 'that what a consumer builds on is what the messages hold',
      run: () => factsAgree(provider, samples),
    },
    {
      name: 'every method and every form of body that it receives has a sample',
      proves: 'that each declared form was seen, and is read',
      run: () => everyFormHasSample(provider, samples),
    },
    {
      name: 'its answer is a success, and no sample is taken for a handshake',
      proves: 'that a message is answered as the provider wants it, and no other for a handshake',
      run: () => answerIsSuccess(provider, samples),
    },
  ]
  if (provider.receives.bodies.some(isDecoder)) {
    checks.push({
      name: 'no bytes make its own decoder throw or answer half',
      proves: 'that no sender can stop a server before the message is read',
      run: () => decodersAnswer(provider),
    })
  }
  if (provider.sameMessage !== undefined) {
    checks.push({
      name: 'sameMessage is the same for the same message and tells the samples apart',
      proves: 'that no message is lost as a repetition of another',
      run: () => sameMessageTellsApart(provider, samples),
    })
  }
  return checks
}

async function factsAgree(provider: Provider, samples: ProviderSamples): Promise<void> {
  const { delivery } = provider
  const { eventIdField, sequenceField, eventTimeField, retryDelaysMs } = delivery
  for (const [key, text] of Object.entries({ eventIdField, sequenceField, eventTimeField })) {
    if (text !== null && text.trim() === '') fail(provider, `${key} is empty; null says "none"`)
  }
  if (retryDelaysMs?.some((delay) => !Number.isFinite(delay) || delay < 0)) {
    fail(provider, 'a retry delay is not a number of milliseconds from 0 on')
  }
  if (delivery.sources.length === 0) fail(provider, 'its delivery facts name no document')

  const read = await readSamples(provider, samples)
  const webhooks = read
    .flatMap(({ reading }) => (reading.type === 'events' ? reading.events : []))
    .filter((event) => event.kind === 'webhook')
  if (webhooks.length === 0) fail(provider, 'no sample is a webhook; add one')
  const facts = [
    ['eventIdField', eventIdField, webhooks.some((event) => event.eventId !== undefined)],
    ['sequenceField', sequenceField, webhooks.some((event) => event.sequence !== undefined)],
    [
      'eventTimeField',
      eventTimeField,
      webhooks.some((event) => (event.occurredAt ?? null) !== null),
    ],
  ] as const
  for (const [name, field, isSaid] of facts) {
    if (isSaid === (field !== null)) continue
    fail(provider, `${name} says ${field}, but the webhooks say otherwise`)
  }
}

async function everyFormHasSample(provider: Provider, samples: ProviderSamples): Promise<void> {
  await openSamples(provider, samples)
  const { methods, bodies } = provider.receives
  const sent = samples.messages.flatMap(({ delivery }) =>
    delivery === undefined ? [] : [deliveryOf(delivery)],
  )
  const forms = new Set<BodyForm>(
    sent.flatMap((delivery) => {
      const received = formOf(provider.receives, delivery)
      return received.ok ? [received.form] : []
    }),
  )
  // JSON by POST needs no delivery: decoded messages stand for it.
  const isPlain = methods.join() === 'POST' && bodies.join() === 'json'
  if (isPlain) return
  for (const method of methods) {
    if (sent.some((delivery) => delivery.method === method)) continue
    fail(provider, `no sample is a delivery by ${method}, which it receives; add one`)
  }
  for (const form of bodies) {
    if (forms.has(form)) continue
    const name = isDecoder(form) ? `type ${form.types.join(' or ')}` : `form "${form}"`
    fail(provider, `no sample is a delivery with a body of the ${name}, which it receives; add one`)
  }
}

function answerIsSuccess(provider: Provider, { messages }: ProviderSamples): void {
  const { answer } = provider
  if (answer !== null && !(answer.status >= 200 && answer.status <= 299)) {
    fail(provider, `its answer to what was taken in has the status ${answer.status}, no success`)
  }
  for (const { name, delivery } of messages) {
    if (delivery === undefined || provider.handshake === undefined) continue
    if (provider.handshake(deliveryOf(delivery)) === null) continue
    fail(provider, `sample "${name}" is answered as a handshake, and would not be read`)
  }
}

function isDecoder(form: BodyForm): form is BodyDecoder {
  return typeof form === 'object'
}

async function decodersAnswer(provider: Provider): Promise<void> {
  const decoders = provider.receives.bodies.filter(isDecoder)
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: codeUnit() }).map((text) => new TextEncoder().encode(text)),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...decoders), bytes, async (decoder, rawBody) => {
      const contentType = decoder.types[0] ?? ''
      const delivery = deliveryOf({ contentType, body: rawBody })
      const decoded = await decodedBy(provider, decoder, delivery)
      if (decoded.ok === true) return
      if (Array.isArray(decoded.issues) && decoded.issues.length > 0) return
      fail(provider, 'its own decoder refuses bytes, but no issue says why')
    }),
    { includeErrorInReport: true },
  )
}

async function decodedBy(provider: Provider, decoder: BodyDecoder, delivery: Delivery) {
  try {
    return await decoder.decode(delivery)
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    fail(provider, `hostile bytes make its own decoder throw (${name})`)
  }
}

async function sameMessageTellsApart(provider: Provider, samples: ProviderSamples): Promise<void> {
  const opened = await openSamples(provider, samples)
  const known = new Map<string, string>()
  for (const { sample, message } of opened) {
    const [first, again] = [0, 1].map(() => provider.sameMessage?.(message.body) ?? null)
    if (first === null || first === undefined) continue
    const where = `what makes sample "${sample.name}" one message`
    if (!Array.isArray(first)) fail(provider, `${where} is no list`)
    if (first.length === 0) fail(provider, `${where} is nothing; null says that`)
    const text = textInFixedOrder(first)
    if (textInFixedOrder(again) !== text)
      fail(provider, `${where} is another thing the second time`)
    const other = known.get(text)
    if (other !== undefined) {
      fail(provider, `${where} is the same for sample "${other}"; one of the two would be lost`)
    }
    known.set(text, sample.name)
  }
}
