import { decodeDelivery } from '../../providers/body/decode-delivery.ts'
import type { Delivery, Message, MessageKind, Reading } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Moment, ToldMessage } from '../../providers/tell.ts'
import { toldDelivery } from '../told-delivery.ts'
import { fail } from './samples.ts'

/** A told message, decoded and read. */
export interface Told {
  readonly told: ToldMessage
  /** The delivery in which it comes; null for what is not delivered, but answered. */
  readonly delivery: Delivery | null
  readonly message: Message
  readonly reading: Reading
}

/** What the provider tells of a moment, read back by itself. */
export function readTold(
  provider: Provider,
  moment: Moment,
  kind: MessageKind,
): Promise<readonly Told[]> {
  const messages = provider.tell?.(moment, kind) ?? []
  return Promise.all(messages.map((told) => openTold(provider, told, kind)))
}

async function openTold(provider: Provider, told: ToldMessage, kind: MessageKind): Promise<Told> {
  const what = `what it tells in a ${kind}`
  if (told.kind !== kind) fail(provider, `${what} says that it is a ${told.kind}`)
  const delivery = kind === 'webhook' ? toldDelivery(told) : null
  const message: Message = { kind, ...(await decoded(provider, told, delivery, what)) }
  return { told, delivery, message, reading: provider.read(message) }
}

async function decoded(
  provider: Provider,
  told: ToldMessage,
  delivery: Delivery | null,
  what: string,
): Promise<Omit<Message, 'kind'>> {
  if (delivery === null) return { body: answered(provider, told, what) }
  const decoding = await decodeDelivery(provider.receives, delivery)
  if (!decoding.ok) fail(provider, `${what} is not what it receives (${decoding.reason})`)
  return { body: decoding.body, query: decoding.query, headers: delivery.headers }
}

/** What an API answers is JSON. */
function answered(provider: Provider, { body }: ToldMessage, what: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    fail(provider, `${what} is no JSON`)
  }
}
