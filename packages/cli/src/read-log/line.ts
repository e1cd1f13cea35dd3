import { isCallStatus } from 'callstate'
import type { Provider, ProviderEvent, Reading } from 'callstate/providers'
import type { ChosenProviders } from '../providers/choose-providers.ts'
import {
  contentOfLine,
  issuesText,
  type LogMessage,
  recognizes,
  type ToldBy,
} from './log-message.ts'

/** Attempts that one call may have; providers stop at five. It bounds what is kept of a call. */
export const MAX_ATTEMPTS = 100

/** Events that one message may tell, as many as a tracker takes. */
export const MAX_EVENTS = 500

/** The word of a message that asks whether somebody is there. */
export const HANDSHAKE = 'handshake'

/** Stands for the words of messages that their provider does not declare. */
export const UNDECLARED = 'of an undeclared kind'

/** What a line that is not blank says; plain data. */
export type LineReading = (
  | {
      readonly type: 'events'
      readonly toldBy: ToldBy
      /** When it came, in milliseconds since 1970; null where the log does not say. */
      readonly receivedAt: number | null
      /** At least one. */
      readonly events: readonly ProviderEvent[]
    }
  /** A message that tells no status, by the provider's word for its kind. */
  | { readonly type: 'other'; readonly word: string }
  /** `fault` says what is wrong, in a sentence that never quotes the line. */
  | { readonly type: 'invalid'; readonly fault: string }
) & {
  /** Another provider than `--provider` names, which knows as its own what that one cannot use. */
  readonly looksLike?: string
}

/** Reads one line that is not blank. Never rejects. */
export async function readLine(text: string, providers: ChosenProviders): Promise<LineReading> {
  const content = await contentOfLine(text, providers)
  switch (content.type) {
    case 'fault':
      return { type: 'invalid', fault: content.fault }
    case 'handshake':
      return { type: 'other', word: HANDSHAKE }
    case 'message':
      return withHint(readMessage(content), content, providers)
    default:
      return content satisfies never
  }
}

function readMessage({ provider, toldBy, message, receivedAt }: LogMessage): LineReading {
  const reading = readingOf(provider, message)
  if (!reading.ok) return { type: 'invalid', fault: issuesText(reading.issues) }
  switch (reading.type) {
    case 'events': {
      const fault = faultOf(reading.events)
      if (fault !== null) return { type: 'invalid', fault }
      const events = reading.events.map((event) =>
        event.provider === provider.name ? event : { ...event, provider: provider.name },
      )
      return { type: 'events', toldBy, receivedAt, events }
    }
    case 'data':
      return otherThan(provider, reading.data.word)
    case 'skip':
      return otherThan(provider, reading.word)
    default:
      return reading satisfies never
  }
}

/** A word that the provider does not declare may be anything that stood in the message. */
function otherThan({ kinds }: Provider, word: string): LineReading {
  return { type: 'other', word: Object.hasOwn(kinds, word) ? word : UNDECLARED }
}

/** What the provider reads. Its code may be anybody's: what throws has read nothing. */
function readingOf(provider: Provider, message: LogMessage['message']): Reading {
  try {
    return provider.read(message)
  } catch {
    return { ok: false, issues: [] }
  }
}

/** Why events are not taken, in words; null where they are. */
function faultOf(events: readonly ProviderEvent[]): string | null {
  if (!Array.isArray(events) || events.length === 0) return 'the provider read no event out of it'
  if (events.length > MAX_EVENTS) return `the body tells of more than ${MAX_EVENTS} events`
  return events.map(faultOfEvent).find((fault) => fault !== null) ?? null
}

function faultOfEvent({
  callId,
  status,
  word,
  attempt,
  earlier = [],
}: ProviderEvent): string | null {
  if (typeof callId !== 'string' || callId === '') return 'the provider read an event of no call'
  if ((status !== null && !isCallStatus(status)) || typeof word !== 'string') {
    return 'the provider read an event without a status and a word'
  }
  const highest = earlier.reduce((top, one) => Math.max(top, one.attempt), attempt ?? 1)
  return highest > MAX_ATTEMPTS || earlier.length > MAX_ATTEMPTS
    ? `the body tells of more than ${MAX_ATTEMPTS} attempts of one call`
    : null
}

/** Where the provider that was named can do nothing with a message: whose it looks like. */
function withHint(
  reading: LineReading,
  { provider, toldBy, message }: LogMessage,
  { known }: ChosenProviders,
): LineReading {
  const isOfUse = reading.type === 'events' && reading.events.some(({ status }) => status !== null)
  if (toldBy !== 'option' || isOfUse || reading.type === 'other') return reading
  const other = known.find((one) => one !== provider && recognizes(one, message.body))
  return other === undefined ? reading : { ...reading, looksLike: other.name }
}
