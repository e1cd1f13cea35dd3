import type { EventDetails } from 'callstate'
import { textInFixedOrder } from 'callstate/internal'
import type { MessageEntry } from '../calls/tracked-call.ts'
import { digestOf } from './message-key.ts'

/**
 * Whether a key fits what release 0.1 kept with it. It took the digest of the text as it came where that
 * looked compact, else of its value as JavaScript writes it; which of both, nobody wrote down. Where the
 * event did not follow from the message, the digest is of both. Pure.
 */
export function fitsKeyOf01(callId: string, { key, event, payload }: MessageEntry): boolean {
  const keys = eventKeysOf01(callId, event)
  if (payload === null) return keys.some((one) => key === digestOf(one))
  const texts = [payload, ...rewritten(payload)]
  return texts.some(
    (text) => key === digestOf(text) || keys.some((one) => key === digestOf(`${one}\n${text}`)),
  )
}

/** The keys that 0.1 may have made of an event: how an unknown word was told it, is not kept. */
function eventKeysOf01(callId: string, event: MessageEntry['event']): readonly string[] {
  const { attempt, status, word, occurredAt, details, earlier } = event
  const said = KEYED.map((name) => details?.[name])
  const before = earlier?.map(({ status: own, word: raw, ...rest }) => ({
    ...rest,
    status: own ?? raw,
  }))
  const words = status === null ? [word] : [status, word]
  return words.flatMap((one) =>
    [false, true].map((unrecognized) =>
      textInFixedOrder([callId, attempt, one, unrecognized, occurredAt, said, before]),
    ),
  )
}

/** The details in the order in which 0.1 had them. */
const KEYED = [
  'word',
  'reasonCode',
  'hangupBy',
  'voicemail',
  'talkMs',
  'ringMs',
  'scheduledFor',
  'retryPolicy',
] as const satisfies readonly (keyof EventDetails)[]

function rewritten(payload: string): readonly string[] {
  try {
    return [JSON.stringify(JSON.parse(payload))]
  } catch {
    return []
  }
}
