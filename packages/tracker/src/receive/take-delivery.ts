import { checkOriginBody, type Delivery, type ProviderEvent } from 'callstate/providers'
import { called } from '../called.ts'
import type { IngestInput, IngestResult } from '../intake/ingest.ts'
import { answerOf, handshakeOf, refuse } from './answer.ts'
import type { AnswerDelivery } from './options.ts'
import type { Entrance } from './origins.ts'
import { type Answered, unproven } from './report.ts'
import type { OnProven } from './serving.ts'

/** What taking in a delivery needs. */
export interface TakeDelivery {
  readonly tracker: { ingest(input: IngestInput): Promise<IngestResult> }
  /** Makes the answers that steer calls; null where nobody does. */
  readonly answer: AnswerDelivery | null
  readonly onProven: OnProven
}

/** Checks of a delivery what needs its body, has it stored, and answers. */
export async function takeDelivery(
  delivery: Delivery,
  { provider, keys, ...entrance }: Entrance,
  { tracker, answer, onProven }: TakeDelivery,
): Promise<Answered> {
  let proven = delivery
  if (keys !== null) {
    const origin = await checkOriginBody(provider, delivery, keys, delivery.receivedAt)
    if (!origin.ok) return unproven(origin)
    // What is read is what was proven, where that is another form of the body.
    if (origin.proven !== undefined) proven = { ...delivery, rawBody: origin.proven }
  }
  const handshake = called(() => provider.handshake?.(proven) ?? null)
  if (handshake !== null) return { answer: handshakeOf(handshake) }
  const { receivedAt } = delivery
  const result = await tracker.ingest({ provider: provider.name, delivery: proven, receivedAt })
  await onProven({ delivery, entrance: { provider, keys, ...entrance } })
  const [first] = result.ok && result.type === 'events' && result.needsAnswer ? result.events : []
  return first === undefined
    ? { answer: answerOf(result, provider.answer) }
    : steered(first.event, delivery, answer)
}

/** The user's answer, for whom the event is stored by now. */
async function steered(
  event: ProviderEvent,
  { url, method, headers, rawBody }: Delivery,
  answer: AnswerDelivery | null,
): Promise<Answered> {
  if (answer === null) return { answer: refuse('answer-needed') }
  try {
    const body = method === 'GET' || method === 'HEAD' ? null : new Uint8Array(rawBody)
    const named = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
    const copy = new Request(url, { method, headers: new Headers(Object.fromEntries(named)), body })
    const response = await answer(event, copy)
    const { status } = response
    if (!Number.isInteger(status)) throw new TypeError('The answer is no Response.')
    return { answer: { status, reason: 'stored', headers: {}, body: null, response } }
  } catch (error) {
    return { answer: refuse('answer-failed'), error }
  }
}
