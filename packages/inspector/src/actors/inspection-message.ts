/** A message of the inspection protocol of `@statelyai/inspect` 0.7, as far as it is used here. */
export type ReceivedMessage =
  | {
      readonly type: 'actor'
      readonly sessionId: string
      readonly name: string
      /** The chart; null where it is none. */
      readonly definition: Definition | null
      readonly snapshot: ReceivedSnapshot
    }
  | { readonly type: 'event'; readonly sessionId: string; readonly event: ReceivedEvent }
  | {
      readonly type: 'snapshot'
      readonly sessionId: string
      readonly event: ReceivedEvent
      readonly snapshot: ReceivedSnapshot
    }

/** A machine's definition: its name and the rest as it came. */
export interface Definition {
  readonly id: string
  /** The names of its states at the top. */
  readonly states: readonly string[]
  readonly chart: unknown
}

export interface ReceivedEvent {
  readonly type: string
  readonly [field: string]: unknown
}

export interface ReceivedSnapshot {
  /** `active`, `done`, `error` or `stopped`. */
  readonly status: string
  /** The state, nested ones as a piece of JSON; null for an actor that is no machine. */
  readonly value: string | null
  /** What `callMachine` keeps there; the context of other machines may be of any size. */
  readonly context: Readonly<Partial<Record<(typeof CONTEXT_FIELDS)[number], unknown>>>
}

const CONTEXT_FIELDS = ['direction', 'guardrailsConfigured', 'occurredAt', 'attempt'] as const

/** Reads a message, already redacted, that came as JSON; null for anything else. Pure; never throws. */
export function readMessage(message: unknown): ReceivedMessage | null {
  const { type, sessionId, name, definition, event, snapshot } = fieldsOf(message)
  if (typeof sessionId !== 'string' || sessionId === '') return null
  switch (type) {
    case '@xstate.actor':
      return {
        type: 'actor',
        sessionId,
        name: textOr(name, sessionId),
        definition: readDefinition(definition),
        snapshot: readSnapshot(snapshot),
      }
    case '@xstate.event':
      return { type: 'event', sessionId, event: readEvent(event) }
    case '@xstate.snapshot': {
      const [read, shot] = [readEvent(event), readSnapshot(snapshot)]
      return { type: 'snapshot', sessionId, event: read, snapshot: shot }
    }
    default:
      return null
  }
}

function readEvent(event: unknown): ReceivedEvent {
  const fields = fieldsOf(event)
  return { ...fields, type: textOr(fields['type'], '') }
}

function readSnapshot(snapshot: unknown): ReceivedSnapshot {
  const { status, value, context } = fieldsOf(snapshot)
  const fields = fieldsOf(context)
  const known = CONTEXT_FIELDS.filter((name) => fields[name] !== undefined)
  return {
    status: textOr(status, 'active'),
    value: readState(value),
    context: Object.fromEntries(known.map((name) => [name, fields[name]])),
  }
}

const MAX_STATE_LENGTH = 60

function readState(value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  const text = JSON.stringify(value)
  return text.length > MAX_STATE_LENGTH ? `${text.slice(0, MAX_STATE_LENGTH)}…` : text
}

function readDefinition(text: unknown): Definition | null {
  if (typeof text !== 'string') return null
  try {
    const chart: unknown = JSON.parse(text)
    const { id, states } = fieldsOf(chart)
    return { id: textOr(id, ''), states: Object.keys(fieldsOf(states)), chart }
  } catch {
    return null
  }
}

/** The fields of an object; none of anything else. Pure. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}
