import type { TerminalStatus } from 'callstate'
import { FINAL_FIELDS } from 'callstate/internal'
import type { FinalField, SaidFields } from 'callstate/providers'
import type { AttemptLedger, SaidMessage, SaidValue } from './final-data.ts'
import { isPayloadRef, payloadRef } from './payload-ref.ts'
import { sameData } from './same-data.ts'

/** A message whose data can be final: it tells the end of an attempt, or no status and data alone. */
export interface FinalMessage {
  /** The attempt into which it was read. */
  readonly attempt: number
  /** Whether it names that attempt. */
  readonly isNamed: boolean
  /** The end that it tells; null where it tells no status. */
  readonly end: TerminalStatus | null
  readonly said: SaidFields
  /** The message as it was kept; undefined where it was not. */
  readonly kept: unknown
  readonly sequence: number
  readonly key: string
  /** The provider's time. */
  readonly at: number | null
  /** The provider's number. */
  readonly order: number | null
}

/** A value with the message that brought it. */
export interface Brought<Field extends FinalField = FinalField> extends SaidValue<Field> {
  readonly by: SaidMessage
}

/** What the messages of an attempt brought with what one more brings. Pure. */
export function withSaid(
  said: readonly SaidMessage[],
  { key, sequence, end, isNamed, at, order, said: fields, kept }: FinalMessage,
): readonly SaidMessage[] {
  const ref = (pointer: string | undefined) =>
    pointer === undefined ? undefined : payloadRef(kept, sequence, pointer)
  const plain = <Value>(value: Value | undefined) => (value === undefined ? undefined : { value })
  const brought = {
    durationMs: plain(fields.durationMs),
    cost: plain(fields.cost),
    recording: ref(fields.recording),
    transcript: ref(fields.transcript),
    extraction: ref(fields.extraction),
    hangupBy: plain(fields.hangupBy),
    reason: plain(fields.reason),
    voicemail: plain(fields.voicemail),
  }
  const own = { message: key, sequence, end, isNamed, at, order }
  const ofEnd = said.filter((one) => one.end === end)
  const newer = FINAL_FIELDS.filter(
    (field) =>
      brought[field] !== undefined &&
      ofEnd.every((one) => one.fields[field] === undefined || isLater(own, one)),
  )
  if (newer.length === 0) return said
  const message = {
    ...own,
    fields: Object.fromEntries(newer.map((field) => [field, brought[field]])),
  }
  const others = said.flatMap((one) => (one.end === end ? without(one, newer) : [one]))
  return [...others, message]
}

/** The value of a field: the latest that a message of the end that counts, or of no status, brought. Pure. */
export function saidOf<Field extends FinalField>(
  { end, finalFields, said }: AttemptLedger,
  field: Field,
): Brought<Field> | undefined {
  if (end === null || !finalFields.includes(field)) return undefined
  let by: SaidMessage | undefined
  for (const one of said) {
    if (one.fields[field] === undefined || (one.end !== end && one.end !== null)) continue
    if (by === undefined || isLater(one, by)) by = one
  }
  const value: SaidValue<Field> | undefined = by?.fields[field]
  return by === undefined || value === undefined ? undefined : { ...value, by }
}

/** Whether two values are one; of a reference whose message was not kept, nobody can tell: it counts as the same. Pure. */
export function isSameValue(a: SaidValue | undefined, b: SaidValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (isPayloadRef(a.value) && isPayloadRef(b.value)) {
    return a.digest === undefined || b.digest === undefined || a.digest === b.digest
  }
  return sameData(a.value, b.value)
}

/**
 * Whether what a message says goes before what another says: one that names its attempt before one that was
 * only read into it, then by the provider's time, then by its number. Of two that say the same time, the one
 * that came later counts: a provider may have no time but that of the end, which a correction has too.
 */
function isLater(message: Said, other: Said): boolean {
  if (message.isNamed !== other.isNamed) return message.isNamed
  const [at, otherAt] = [message.at ?? EARLIEST, other.at ?? EARLIEST]
  if (at !== otherAt) return at > otherAt
  const [order, otherOrder] = [message.order ?? EARLIEST, other.order ?? EARLIEST]
  if (order !== otherOrder) return order > otherOrder
  return message.sequence > other.sequence
}

type Said = Omit<SaidMessage, 'fields'>

/** Below every time and every number. */
const EARLIEST = Number.NEGATIVE_INFINITY

/** A message but for fields that a later one brought; none where that leaves nothing. */
function without(message: SaidMessage, gone: readonly FinalField[]): readonly SaidMessage[] {
  const left = Object.entries(message.fields).filter(
    ([field]) => !gone.some((one) => one === field),
  )
  return left.length === 0 ? [] : [{ ...message, fields: Object.fromEntries(left) }]
}
