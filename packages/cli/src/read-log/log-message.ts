import {
  ENVELOPE_KEYS,
  type Envelope,
  isJsonDelivery,
  queryOf,
  readEnvelope,
} from 'callstate/internal'
import {
  type Delivery,
  decodeDelivery,
  type Message,
  type ParseIssue,
  type Provider,
} from 'callstate/providers'
import type { ChosenProviders } from '../providers/choose-providers.ts'
import { readJson } from './json-text.ts'

/** How it was told whose message a line holds. */
export const TOLD_BY = ['shape', 'envelope', 'option'] as const

export type ToldBy = (typeof TOLD_BY)[number]

/** A message out of a log, decoded. */
export interface LogMessage {
  readonly type: 'message'
  readonly provider: Provider
  readonly toldBy: ToldBy
  readonly message: Message
  /** When it came, in milliseconds since 1970; null where the log does not say. */
  readonly receivedAt: number | null
}

/** What a line holds: a message, a question whether somebody is there, or none of both. */
export type LineContent =
  | LogMessage
  | { readonly type: 'handshake'; readonly provider: Provider }
  /** `fault` says why, in half a sentence that never quotes the log. */
  | { readonly type: 'fault'; readonly fault: string }

/**
 * Reads a line that is not blank as far as to the message in it: a body as it came, or one in an envelope.
 * Whose it is, the envelope says before the option, and the option before the shape. Never rejects.
 */
export async function contentOfLine(
  text: string,
  providers: ChosenProviders,
): Promise<LineContent> {
  const json = readJson(text)
  if (!json.ok) return faulty(json.fault)
  const reading = readEnvelope(json.value)
  if (reading.type === 'fault') {
    return faulty(reading.fault.replace(/^T/, 't').replace(/\.$/, ''))
  }
  const packed = reading.type === 'raw' ? packedBody(reading.body) : packedIn(reading.envelope)
  return contentOf(packed, providers)
}

/** A sentence about what a provider could not read, and how many more there are. */
export function issuesText(issues: readonly ParseIssue[]): string {
  const [first] = issues
  if (first === undefined) return 'the provider cannot read this body'
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  const path = first.path.join('.')
  const where = path === '' || first.message.includes(path) ? '' : `${path}: `
  return `${where}${first.message}`.slice(0, MAX_FAULT_LENGTH) + more
}

const MAX_FAULT_LENGTH = 400

/** What a line holds before it is known whose it is: the same bytes say different things to different providers. */
interface Packed {
  /** Null where the line does not say it. */
  readonly provider: string | null
  readonly receivedAt: number | null
  /** The webhook as it came, where the line has it. */
  readonly delivery: Delivery | null
  unpack(provider: Provider): Message | Undecoded | Promise<Message | Undecoded>
}

interface Undecoded {
  readonly fault: string
}

function packedBody(body: unknown): Packed {
  const message: Message = { body, kind: null }
  return { provider: null, receivedAt: null, delivery: null, unpack: () => message }
}

function packedIn({ provider, kind, delivery: given }: Envelope): Packed {
  const { headers, url, receivedAt } = given
  if (given.rawBody === null) {
    const message: Message = { body: given.decoded, kind, headers, query: queryOf(url) }
    return { provider, receivedAt, delivery: null, unpack: () => message }
  }
  const delivery: Delivery = { ...given, receivedAt: receivedAt ?? 0 }
  const isWebhook = kind === 'webhook'
  return {
    provider,
    receivedAt,
    delivery: isWebhook ? delivery : null,
    async unpack({ receives }) {
      // Only webhooks come in the provider's own forms; what it answers is JSON.
      if (!isWebhook || isJsonDelivery(receives, delivery)) {
        const json = readJson(new TextDecoder().decode(delivery.rawBody))
        if (!json.ok) return { fault: `in the envelope's body: ${json.fault}` }
        return { body: json.value, kind, headers, query: queryOf(url) }
      }
      const decoding = await decodeDelivery(receives, delivery)
      if (!decoding.ok) return { fault: `in the envelope: ${issuesText(decoding.issues)}` }
      return { body: decoding.body, kind, headers, query: decoding.query }
    },
  }
}

async function contentOf(packed: Packed, { known, named }: ChosenProviders): Promise<LineContent> {
  if (packed.provider !== null) {
    const provider = known.find(({ name }) => name === packed.provider)
    if (provider !== undefined) return unpacked(packed, provider, 'envelope')
    const names = namesOf(known)
    return faulty(
      `the envelope names an unknown provider: expected ${names}; hand in the file of another one with --provider`,
    )
  }
  const [only, ...others] = named
  if (only !== undefined && others.length === 0) return unpacked(packed, only, 'option')
  let came: LineContent | null = null
  for (const provider of named) {
    const content = await unpacked(packed, provider, 'shape')
    if (content.type === 'handshake') return content
    if (content.type === 'message' && recognizes(provider, content.message.body)) return content
    if (came?.type !== 'message') came = content
  }
  return came?.type === 'fault' ? came : faulty(unrecognized(named, came?.message.body))
}

async function unpacked(packed: Packed, provider: Provider, toldBy: ToldBy): Promise<LineContent> {
  const { delivery, receivedAt } = packed
  if (delivery !== null && isHandshake(provider, delivery)) return { type: 'handshake', provider }
  const message = await packed.unpack(provider)
  if ('fault' in message) return faulty(message.fault)
  return { type: 'message', provider, toldBy, message, receivedAt }
}

/** Whether a provider takes a body for one of its own; one that throws does not. */
export function recognizes(provider: Provider, body: unknown): boolean {
  try {
    return provider.recognizes(body) === true
  } catch {
    return false
  }
}

function isHandshake(provider: Provider, delivery: Delivery): boolean {
  try {
    return (provider.handshake?.(delivery) ?? null) !== null
  } catch {
    return false
  }
}

function unrecognized(named: readonly Provider[], body: unknown): string {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  const came = isObject
    ? (nearlyEnvelope(body) ??
      'an object of another shape; run with --provider to see what it lacks')
    : kindOf(body)
  return `expected a webhook body of ${namesOf(named)}, or an envelope around one; got ${came}`
}

/** What keeps an object from being an envelope that has the looks of one; null where it has not. */
function nearlyEnvelope(value: object): string | null {
  const keys = Object.keys(value)
  const own = keys.filter((key) => ENVELOPE_KEYS.some((known) => known === key))
  const others = keys.filter((key) => !own.includes(key))
  const [strange] = others
  if (own.length > 0 && others.length === 0) {
    return 'an envelope without a body: it needs "body", "bodyBase64", or "method": "GET" and "url"'
  }
  if (own.length < 2 || others.length !== 1 || strange === undefined) return null
  const name = /^\w{1,40}$/.test(strange) ? `"${strange}"` : 'another key'
  return `nearly an envelope: it has ${name} beside ${own.join(', ')}, and may have no keys but ${ENVELOPE_KEYS.join(', ')}`
}

function namesOf(providers: readonly Provider[]): string {
  const names = providers.map(({ name }) => name)
  const last = names.pop() ?? ''
  return names.length === 0 ? last : `${names.join(', ')} or ${last}`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return `a ${typeof value}`
}

function faulty(fault: string): LineContent {
  return { type: 'fault', fault }
}
