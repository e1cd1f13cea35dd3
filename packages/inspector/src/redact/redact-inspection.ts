import { redactPayload } from './redact-payload.ts'
import { isIdentifier, REDACTED } from './text.ts'

/** A message of `@statelyai/inspect`, as far as it matters here. */
export interface InspectionMessage {
  readonly type: string
  readonly sessionId: string
}

/**
 * A message to an XState inspector without personal data, for the `serialize` option of
 * `@statelyai/inspect`: there it runs in your process, before anything leaves. It keeps which actors
 * there are, the chart, states and the types of events. Of context, input, output and the other fields of
 * events it keeps what `redactPayload` shows; errors and the snapshots of children it leaves out. The
 * definition loses what it holds of data (`context`, `input`, `output`, `params`, `meta`), and an actor's or
 * a machine's name that is no name of a thing in code is not shown. Never throws; applying it twice changes
 * nothing more.
 *
 * `sanitizeContext` and `sanitizeEvent` of that package are not enough: they miss the input of the first
 * event and the output of a snapshot.
 *
 * @example
 * const { inspect } = createWebSocketInspector({ url, serialize: redactInspection })
 * createActor(callMachine, { inspect }).start()
 */
export function redactInspection<Message extends InspectionMessage>(message: Message): Message {
  const fields: Record<string, unknown> = { type: message.type }
  for (const [name, value] of Object.entries(message)) {
    // The message may have a field of any name, `constructor` and `__proto__` too.
    const read = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
    if (read !== undefined && value !== undefined) fields[name] = readOr(read, value)
  }
  // Only fields that the message has, each of its own kind.
  return fields as unknown as Message
}

function readOr(read: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return read(value)
  } catch {
    // A field that throws when it is read.
    return REDACTED
  }
}

/** What is taken over of a message. A field that is not named here does not leave. */
const FIELDS: Readonly<Record<string, (value: unknown) => unknown>> = {
  name: identifier,
  sessionId,
  rootId: sessionId,
  parentId: sessionId,
  sourceId: sessionId,
  id: (value) => (value === null ? null : numeral(value)),
  createdAt: numeral,
  _version: numeral,
  definition: redactDefinition,
  snapshot: redactSnapshot,
  event: redactEvent,
}

/** XState's own names of actors, `x:0` and so on, may have any number. */
const SESSION = /^x:\d{1,9}$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** As `inspectTracker` names an actor: a provider and its identifier of the call. */
const CALL_KEY = /^[a-z][a-z0-9-]* (\S{1,64})$/

function identifier(value: unknown): unknown {
  if (typeof value !== 'string') return value === null ? null : REDACTED
  const own = CALL_KEY.exec(value)?.[1] ?? value
  return isIdentifier(own) || UUID.test(own) ? value : REDACTED
}

/** Actors must stay apart, so that one whose name is not shown gets another one, the same every time. */
function sessionId(value: unknown): unknown {
  if (typeof value !== 'string') return null
  if (SESSION.test(value) || ALIAS.test(value)) return value
  return identifier(value) === value ? value : `redacted-${digestOf(value)}`
}

const ALIAS = /^redacted-[0-9a-f]{8}$/

/** Known in this process only, so that nobody finds a number by trying them all. */
const SECRET = Math.floor(Math.random() * 2 ** 32)

/** FNV-1a. */
function digestOf(text: string): string {
  let digest = SECRET
  for (const char of text) digest = Math.imul(digest ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return (digest >>> 0).toString(16).padStart(8, '0')
}

function numeral(value: unknown): unknown {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^[\d.]{1,24}$/.test(value) ? value : REDACTED
}

function redactEvent(event: unknown): unknown {
  const { type, ...fields } = Object(event) as Record<string, unknown>
  const shown = typeof type === 'string' && (type === '' || isIdentifier(type)) ? type : REDACTED
  return { type: shown, ...Object(redactPayload(fields).payload) }
}

function redactSnapshot(snapshot: unknown): unknown {
  const { status, value, context, output, tags } = Object(snapshot) as Record<string, unknown>
  return {
    status: identifier(status ?? 'active'),
    ...(value !== undefined && { value: stateValue(value) }),
    ...(tags instanceof Set || Array.isArray(tags) ? { tags: [...tags].map(identifier) } : {}),
    ...(context !== undefined && { context: redactPayload(context).payload }),
    ...(output !== undefined && { output: redactPayload(output).payload }),
  }
}

/** States inside one another that are shown. */
const MAX_STATE_DEPTH = 32

/** Names of states, also of nested and parallel ones. */
function stateValue(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return identifier(value)
  if (depth >= MAX_STATE_DEPTH) return REDACTED
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [identifier(name), stateValue(inner, depth + 1)]),
  )
}

/** Where a machine's definition holds data and no structure. */
const DATA_FIELDS = new Set(['context', 'input', 'output', 'params', 'meta'])

function redactDefinition(definition: unknown): unknown {
  if (typeof definition !== 'string') return undefined
  try {
    const chart: unknown = JSON.parse(definition)
    const { id } = Object(chart) as Record<string, unknown>
    // The names of its states begin with it.
    const hidden = typeof id === 'string' && identifier(id) !== id ? id : ''
    return JSON.stringify(withoutData(chart, false, hidden))
  } catch {
    return REDACTED
  }
}

/**
 * `isNames` says that the fields are states or events by their names, which may be any word; `hidden` is
 * the machine's own name where it is not shown.
 */
function withoutData(node: unknown, isNames: boolean, hidden: string): unknown {
  if (Array.isArray(node)) return node.map((part) => withoutData(part, false, hidden))
  if (typeof node === 'string') return hidden === '' ? node : node.replaceAll(hidden, REDACTED)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => isNames || !DATA_FIELDS.has(name))
      .map(([name, inner]) => {
        const holdsNames = !isNames && (name === 'states' || name === 'on' || name === 'after')
        return [name, withoutData(inner, holdsNames, hidden)]
      }),
  )
}
