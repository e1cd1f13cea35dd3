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
  /** The state; null for an actor that is no machine. */
  readonly value: unknown
  readonly context: Readonly<Record<string, unknown>>
}

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
  return { status: textOr(status, 'active'), value: value ?? null, context: fieldsOf(context) }
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

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}
