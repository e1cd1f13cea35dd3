import {
  type Delivery,
  type DeliveryHeaders,
  decodeDelivery,
  type Parameters,
  type ParseIssue,
  type Provider,
} from 'callstate/providers'
import { DEFAULTS } from '../defaults.ts'
import type { IngestInput } from './ingest.ts'

/** What was handed in, decoded. */
export interface Decoded {
  readonly body: unknown
  /** The body as JSON text: as it came, where it came so; null where there is none. */
  readonly text: string | null
  /** Whether the text is as it came, with the white space of whoever wrote it. */
  readonly asItCame: boolean
  /** Those of the delivery, where it was one. */
  readonly headers?: DeliveryHeaders
  readonly query?: Parameters
}

/** The answer of `decodeInput`. */
export type DecodedInput =
  | { readonly ok: true; readonly decoded: Decoded }
  | { readonly ok: false; readonly issues: readonly ParseIssue[] }

/** What may be handed in, except for a delivery. */
export type DecodableInput = Exclude<IngestInput, { readonly delivery: Delivery }>

/** Decodes what was handed to `ingest`. Bad input is an answer; never throws. */
export function decodeInput(input: DecodableInput): DecodedInput {
  return notTooDeep('rawBody' in input ? decodeJson(input.rawBody) : written(input.body))
}

/** Decodes a delivery in the forms that its provider sends. Bad input is an answer; never rejects. */
export async function decodeDelivered(
  delivery: Delivery,
  provider: Provider,
): Promise<DecodedInput> {
  const decoding = await decodeDelivery(provider.receives, delivery)
  if (!decoding.ok) return decoding
  const { body, query, text } = decoding
  const came: DecodedInput =
    text === null ? written(body) : { ok: true, decoded: { body, text, asItCame: true } }
  if (!came.ok) return came
  const { headers } = delivery
  return notTooDeep({ ok: true, decoded: { ...came.decoded, headers, query } })
}

function notTooDeep(decoding: DecodedInput): DecodedInput {
  if (!decoding.ok) return decoding
  const { text, body } = decoding.decoded
  const { maxDepth } = DEFAULTS.message
  if (text !== null && mayBeDeep(text, maxDepth) && isDeeperThan(body, maxDepth)) {
    return refuse('the message', `at most ${maxDepth} levels`, 'deeper nesting')
  }
  return decoding
}

/** An answer that refuses the message as a whole. Neither text may hold anything of it. */
export function refuse(
  what: string,
  expected: string,
  received: string,
): { readonly ok: false; readonly issues: readonly ParseIssue[] } {
  const message = `For ${what}, expected ${expected}; got ${received}. Pass the message as the provider sent it.`
  return { ok: false, issues: [{ path: [], expected, received, message }] }
}

/** A value as JSON text; null for a value that JSON has no text for. */
export function written(body: unknown): DecodedInput {
  const asItCame = false
  if (body === undefined) return { ok: true, decoded: { body, text: null, asItCame } }
  try {
    return { ok: true, decoded: { body, text: JSON.stringify(body) ?? null, asItCame } }
  } catch {
    return refuse('the message', 'plain data of moderate depth', 'a value that JSON cannot hold')
  }
}

function decodeJson(raw: string | Uint8Array): DecodedInput {
  let text: string
  try {
    text = typeof raw === 'string' ? raw : new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    return refuse('the message', 'text in UTF-8', 'other bytes')
  }
  try {
    return { ok: true, decoded: { body: JSON.parse(text), text, asItCame: true } }
  } catch {
    // The engine's own message quotes the text.
    return refuse('the message', 'JSON', 'text that is none')
  }
}

/** Whether the text has more brackets than levels are allowed; most have not, and need no walk. */
function mayBeDeep(text: string, maxDepth: number): boolean {
  let brackets = 0
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++brackets > maxDepth) return true
    }
  }
  return false
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1))
}
