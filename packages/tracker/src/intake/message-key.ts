import { hash } from 'node:crypto'
import { eventKeyOf, textInFixedOrder } from 'callstate/internal'
import type { Message } from './message.ts'

/** What a key is made of. */
export type Keyed = Pick<Message, 'type' | 'event' | 'final' | 'digest' | 'isWhole' | 'sameAs'>

const DATA_PREFIX = 'data:'
const SEAL_MARK = '.'

/**
 * The key of a message among those of its call, one line of text: what makes two deliveries the same,
 * and behind a dot a digest of what is kept of it, where that is another. How JSON writes a value makes
 * no difference, the order of fields does. Pure.
 */
export function messageKey(message: Keyed): string {
  const seal = sealOf(message)
  const prefix = message.type === 'data' ? DATA_PREFIX : ''
  if (message.sameAs === null) return prefix + seal
  const identity = digestOf(`${message.sameAs}\n${eventKeyOf(message.event)}`)
  return prefix + identity + SEAL_MARK + seal
}

/** The part of a key that two deliveries of the same share. Pure. */
export function identityIn(key: string): string {
  const mark = key.indexOf(SEAL_MARK)
  return mark < 0 ? key : key.slice(0, mark)
}

/** Whether a key belongs to a message that tells no status. Pure. */
export function isDataKey(key: string): boolean {
  return key.startsWith(DATA_PREFIX)
}

/** Whether a key fits what was kept with it; of what release 0.1 kept, see `fitsKeyOf01`. Pure. */
export function fitsKey(key: string, kept: Omit<Keyed, 'isWhole' | 'sameAs'>): boolean {
  if (isDataKey(key) !== (kept.type === 'data')) return false
  const [identity = '', seal = identity] = key
    .slice(kept.type === 'data' ? DATA_PREFIX.length : 0)
    .split(SEAL_MARK)
  // The digest is of the message alone, or of the event too where that does not follow from what was kept.
  return [true, false].some((isWhole) => seal === sealOf({ ...kept, isWhole }))
}

/**
 * A digest of what is kept: of the message alone where the event follows from it, else of the event, of what
 * was said of final fields, which may stand in what was not kept, and of what there is of the message.
 */
function sealOf({
  event,
  final,
  digest,
  isWhole,
}: Pick<Keyed, 'event' | 'final' | 'digest' | 'isWhole'>): string {
  if (digest !== null && isWhole) return digest
  const parts = [eventKeyOf(event), digest, finalText(final)]
  return digestOf(parts.filter((part) => part !== null).join('\n'))
}

/** Null for nothing. Without the reason: it is free text, which may hold personal data. */
function finalText({ reason: _, ...final }: Keyed['final']): string | null {
  return Object.keys(final).length === 0 ? null : textInFixedOrder(final)
}

/** The digest that keys are made of. Pure. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'base64url')
}
