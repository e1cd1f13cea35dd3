import fc from 'fast-check'
import type { CallEvent } from '../call.ts'
import { isJsonType, mediaTypeOf } from '../providers/body/media-type.ts'
import { pairsOf, queryTextOf } from '../providers/body/parameters.ts'
import { type Delivery, MESSAGE_KINDS, type MessageKind } from '../providers/message.ts'
import { type OriginKeys, signDelivery, type WithOrigin } from '../providers/origin/origin.ts'
import type { Provider } from '../providers/provider.ts'
import type { Moment } from '../providers/tell.ts'
import { type DeliveryFaults, deliveries } from './deliveries.ts'
import { type Spelling, spelling, writeForm, writeJson } from './spelling.ts'
import { RECEIVER_URL, toldDelivery } from './told-delivery.ts'
import { type ToldStory, type ToldStoryConstraints, tellOf, toldStories } from './told-stories.ts'

/** Which deliveries are wanted, and what becomes of them on their way. */
export interface HttpDeliveriesConstraints extends ToldStoryConstraints {
  /** The most calls whose deliveries come among each other; 2 when left out. */
  readonly maxCalls?: number
  /** What the network does. Clocks are right: the times stand in the bodies. */
  readonly faults?: Omit<DeliveryFaults, 'maxClockErrorMs'>
  /** Whether bodies are written as other languages write them (the default) or as the provider tells them. */
  readonly spelled?: boolean
  /** Where they go. */
  readonly url?: string
}

/** What happened, and the requests that arrive of it, in the order of arrival. */
export interface HttpDelivered {
  readonly stories: readonly ToldStory[]
  /** Not signed: see `signDeliveries`. */
  readonly deliveries: readonly Delivery[]
}

/**
 * The requests that a receiver gets of a provider's calls: webhooks with method, address, headers and the
 * very bytes, duplicated, delayed and reordered, each spelled by one of many writers of JSON or forms.
 * They are not signed, since signing takes a key and waits. Nothing is lost unless `faults` says so: then
 * what is read of them, in any order, is what the provider tells of its `stories`. Throws a TypeError for a
 * provider that does not say what it tells. Shrinks towards one call without faults.
 *
 * @example
 * await fc.assert(
 *   fc.asyncProperty(httpDeliveries(acme), async ({ deliveries }) => {
 *     for (const delivery of await signDeliveries(acme, deliveries, 'a secret')) await receive(delivery)
 *   }),
 * )
 */
export function httpDeliveries(
  provider: Provider,
  { maxCalls = 2, faults, spelled = true, url, ...constraints }: HttpDeliveriesConstraints = {},
): fc.Arbitrary<HttpDelivered> {
  const [remoteAddress = null] = provider.delivery.sourceAddresses
  const calls = fc
    .uniqueArray(toldStories(provider, constraints), {
      minLength: 1,
      maxLength: maxCalls,
      selector: ({ callId }) => callId,
    })
    .map((stories) => ({
      stories,
      events: stories.flatMap((story) => sentOf(provider, story, url)),
    }))
  return fc
    .record({ sent: deliveries(calls, faults), spellings: spellings(spelled) })
    .map(({ sent, spellings: drawn }) => ({
      stories: sent.stories,
      deliveries: sent.arrivals.map(({ event, receivedAt }, place) => {
        const delivery = { ...event.delivery, remoteAddress, receivedAt }
        const one = drawn[place % drawn.length]
        return one === undefined ? delivery : spelledDelivery(delivery, one)
      }),
    }))
}

/**
 * The deliveries with what proves their origin, each signed when it came, as a provider signs each try
 * anew. Pure but for the platform's own signing.
 *
 * @example
 * const signed = await signDeliveries(acme, deliveries, 'a secret')
 */
export function signDeliveries(
  provider: WithOrigin,
  sent: readonly Delivery[],
  keys: OriginKeys,
): Promise<readonly Delivery[]> {
  return Promise.all(
    sent.map((delivery) => signDelivery(provider, delivery, keys, delivery.receivedAt)),
  )
}

/** One body of a provider, with what it tells of. */
export interface RawBody {
  readonly kind: MessageKind
  readonly moment: Moment
  readonly contentType: string | null
  /** The very text; empty for a message that stands in its address. */
  readonly body: string
}

/**
 * A body of a provider, of any kind of message that it tells: webhooks, records, rows of lists, replies;
 * spelled as other languages write it. Throws a TypeError for a provider that does not say what it tells.
 *
 * @example
 * fc.assert(
 *   fc.property(rawBodies(bolna, { kinds: ['record'] }), ({ body }) =>
 *     bolna.read({ body: JSON.parse(body), kind: 'record' }).ok,
 *   ),
 * )
 */
export function rawBodies(
  provider: Provider,
  {
    kinds = MESSAGE_KINDS,
    ...constraints
  }: ToldStoryConstraints & { readonly kinds?: readonly MessageKind[] } = {},
): fc.Arbitrary<RawBody> {
  const tell = tellOf(provider)
  const bodiesOf = ({ moments }: ToldStory) =>
    moments.flatMap((moment) =>
      kinds.flatMap((kind) => tell(moment, kind).map((told) => ({ kind, moment, told }))),
    )
  return fc
    .record({
      bodies: toldStories(provider, constraints)
        .map(bodiesOf)
        .filter((bodies) => bodies.length > 0),
      place: fc.nat(),
      spelled: spelling(),
    })
    .map(({ bodies, place, spelled }) => {
      const { kind, moment, told } = bodies[place % bodies.length] as (typeof bodies)[number]
      const { rawBody } = spelledDelivery(toldDelivery(told), spelled)
      const { contentType = null } = told
      return { kind, moment, contentType, body: new TextDecoder().decode(rawBody) }
    })
}

/** A webhook on its way, as `deliveries` takes it. */
interface Sent extends CallEvent {
  readonly delivery: Delivery
}

function sentOf(provider: Provider, { moments }: ToldStory, url = RECEIVER_URL): readonly Sent[] {
  const tell = tellOf(provider)
  return moments.flatMap((moment) => {
    const { attempt, status, occurredAt } = moment
    return tell(moment, 'webhook').map((told) => {
      const delivery = toldDelivery(told, { url, receivedAt: occurredAt })
      return { attempt, status, occurredAt, delivery }
    })
  })
}

/** Few of them, so that repetitions of a message come in the same spelling too. */
const MAX_SPELLINGS = 5

function spellings(spelled: boolean): fc.Arbitrary<readonly Spelling[]> {
  return spelled
    ? fc.array(spelling(), { minLength: 1, maxLength: MAX_SPELLINGS })
    : fc.constant([])
}

/** The same message, written by another hand. What is neither JSON nor a form stays as it is. */
function spelledDelivery(delivery: Delivery, spelled: Spelling): Delivery {
  const text = new TextDecoder().decode(delivery.rawBody)
  const body = spelledBody(delivery, text, spelled)
  return {
    ...delivery,
    url: spelledUrl(delivery, spelled),
    rawBody: body === null ? delivery.rawBody : new TextEncoder().encode(body),
  }
}

function spelledBody(delivery: Delivery, text: string, spelled: Spelling): string | null {
  const media = mediaTypeOf(delivery)
  if (typeof media === 'string') return null
  if (isJsonType(media)) return writeJson(JSON.parse(text), spelled)
  const isForm = media.type === 'application/x-www-form-urlencoded'
  return isForm ? writeForm(pairsOf(text), spelled) : null
}

/** The address of a GET holds the message. */
function spelledUrl({ method, url }: Delivery, spelled: Spelling): string {
  const query = queryTextOf(url)
  if (method !== 'GET' || query === '') return url
  return `${url.slice(0, -query.length)}${writeForm(pairsOf(query), spelled)}`
}
