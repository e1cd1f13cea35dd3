import type { Board } from '../board.ts'
import { DEFAULTS } from '../defaults.ts'
import { redactInspection } from '../redact/redact-inspection.ts'
import type { CallSource } from '../source.ts'
import { ACTOR_PROVIDERS, createInspectedActor, type InspectedActor } from './inspected-actor.ts'
import { type Definition, type ReceivedMessage, readMessage } from './inspection-message.ts'

/** How much is kept of attached actors; `DEFAULTS.actors` unless set. */
export interface ActorLimits {
  /** Actors that are kept; the ones that were attached first make room. */
  readonly actors: number
  /** Events of one actor that are kept: the latest. */
  readonly eventsPerActor: number
  /** Events of all actors together, above which whole actors make room. */
  readonly events: number
  /** Different charts that are kept. */
  readonly definitions: number
  /** Characters of a message above which its contents are not kept. */
  readonly payloadCharacters: number
}

/** What a source of actors may be told; everything is optional. */
export interface ActorsSourceOptions {
  /** For the head of the page; `XState actors` by default. */
  readonly name?: string
  readonly now?: () => number
  readonly limits?: Partial<ActorLimits>
}

/**
 * XState actors that attach themselves over the WebSocket of the inspector, with
 * `createWebSocketInspector` of `@statelyai/inspect`. An actor of `callMachine` is shown as a call, with
 * what its machine refused; other machines are listed with their state. Messages are redacted when they
 * come in; let them be redacted before they leave, too, with `redactInspection`.
 *
 * @example
 * const { attachUrl } = await startInspector({ source: actorsSource() })
 * const { inspect } = createWebSocketInspector({ url: attachUrl, serialize: redactInspection })
 */
export function actorsSource(options: ActorsSourceOptions = {}): CallSource {
  const { name = 'XState actors', now = Date.now } = options
  const limits = { ...DEFAULTS.actors, ...options.limits }
  const actors = new Map<string, InspectedActor>()
  const definitions = new Map<string, Definition>()
  let board: Board | null = null
  let connections = 0
  let kept = 0

  function receive(connection: number, text: string): void {
    const raw = parse(text)
    if (raw === null) return
    const redacted = redactInspection(raw)
    const isLarge = text.length > limits.payloadCharacters
    const message = readMessage(redacted)
    if (message !== null) take(connection, isLarge ? withoutPayload(message) : message)
  }

  function take(connection: number, message: ReceivedMessage): void {
    const session = `${connection}:${message.sessionId}`
    const known = actors.get(session)
    const before = known?.kept ?? 0
    const actor = known ?? announce(session, message)
    if (message.type === 'event') actor.hear(message.event, now())
    if (message.type === 'snapshot') actor.stand(message.snapshot, message.event, now())
    kept += actor.kept - before
    board?.put(actor.board(), Math.max(0, actor.kept - before))
    for (const [oldest, gone] of actors) {
      const fits = actors.size <= limits.actors && kept <= limits.events
      if (fits || oldest === session) break
      kept -= gone.kept
      actors.delete(oldest)
      board?.remove(keyOf(oldest))
    }
  }

  /** Takes in a new actor; one whose announcement was lost has no chart. */
  function announce(session: string, message: ReceivedMessage): InspectedActor {
    const isWhole = message.type === 'actor'
    const { sessionId } = message
    const machine = isWhole ? message.name : 'unknown'
    const actor = createInspectedActor({
      key: keyOf(session),
      id: machine === sessionId ? machine : `${machine} ${sessionId}`,
      definition: isWhole ? shared(message.definition) : null,
      events: limits.eventsPerActor,
      snapshot: message.type === 'event' ? UNKNOWN : message.snapshot,
      now: now(),
    })
    actors.set(session, actor)
    return actor
  }

  /** Actors of one machine share its chart. */
  function shared(definition: Definition | null): Definition | null {
    if (definition === null) return null
    const text = JSON.stringify(definition.chart)
    const known = definitions.get(text)
    if (known !== undefined) return known
    if (definitions.size >= limits.definitions) return { ...definition, chart: null }
    definitions.set(text, definition)
    return definition
  }

  const actorOf = (key: string) => actors.get(key.slice(KEY_PREFIX.length))
  return {
    kind: 'actors',
    name,
    providers: ACTOR_PROVIDERS,
    speed: 1,
    now,
    async open(opened) {
      board = opened
    },
    attach() {
      connections++
      const connection = connections
      return { receive: (text) => receive(connection, text) }
    },
    detail: async (key, limit) => actorOf(key)?.detail(limit) ?? null,
    payload: async (key, sequence) => actorOf(key)?.payload(sequence) ?? null,
    async close() {
      board = null
    },
  }
}

const UNKNOWN = { status: 'active', value: null, context: {} }

const KEY_PREFIX = 'actor '

function keyOf(session: string): string {
  return KEY_PREFIX + session
}

function parse(text: string): { readonly type: string; readonly sessionId: string } | null {
  try {
    const message: unknown = JSON.parse(text)
    const { type, sessionId } = Object(message) as Record<string, unknown>
    if (typeof type !== 'string' || typeof sessionId !== 'string') return null
    return { ...Object(message), type, sessionId }
  } catch {
    return null
  }
}

/** The types of events and the states are kept, what they carry is not. */
function withoutPayload(message: ReceivedMessage): ReceivedMessage {
  if (message.type === 'actor') return message
  const { type } = message.event
  return { ...message, event: { type } }
}
