import { CALL_STATUSES, type EarlierStatus, parseStatus } from 'callstate'
import type { ParseIssue, Provider, ProviderEvent } from 'callstate/providers'
import { readJson } from './json-text.ts'
import { KNOWN_PROVIDERS, PROVIDER_NAMES, TOLD_BY, type ToldBy } from './known-providers.ts'
import type { PolicyList } from './policy-list.ts'

/** Attempts that one call may have; providers stop at five. It bounds what is kept of a call. */
export const MAX_ATTEMPTS = 100

/**
 * One event as it travels from a worker: a tuple, as it is cloned for every line, of what the answers of
 * `check` depend on; the rest is dropped early. `status` is an index into `CALL_STATUSES`, or the raw
 * word where it is unrecognized. `policy` is a place in the block's list of retry policies, -1 for
 * details without one, and null where the event has no details.
 */
export type EventRow = readonly [
  line: number,
  provider: number,
  toldBy: number,
  callId: string,
  status: number | string,
  attempt: number | null,
  occurredAt: number | null,
  policy: number | null,
  talkMs: number | null,
  voicemail: boolean | null,
  earlier: readonly EarlierStatus[] | null,
]

/** What a line is: an event, or a sentence that says why it is none. */
export type LineReading = (
  | { readonly ok: true; readonly event: EventRow }
  | { readonly ok: false; readonly fault: string }
) & {
  /** Another provider than `--provider` names, which knows as its own what that one cannot use. */
  readonly looksLike?: number
}

/**
 * Reads one line that is not blank; `provider` is a name or `auto`. A retry policy is put into
 * `policies`. Never throws.
 */
export function readLine(
  text: string,
  line: number,
  provider: string,
  policies: PolicyList,
): LineReading {
  const json = readJson(text)
  if (!json.ok) return json
  const message = openEnvelope(json.value, provider)
  if ('fault' in message) return { ok: false, fault: message.fault }
  const found = providerOf(message.body, message.provider, provider)
  if ('fault' in found) return { ok: false, fault: found.fault }
  const reading = readBody(message.body, line, found, policies)
  if (found.toldBy !== 'option' || (reading.ok && typeof reading.event[4] === 'number')) {
    return reading
  }
  const looksLike = KNOWN_PROVIDERS.findIndex(
    (known) => known !== found.provider && known.recognizes(message.body),
  )
  return looksLike < 0 ? reading : { ...reading, looksLike }
}

/** The message in a line that could be read; undefined where it cannot be. Pure. */
export function bodyOfLine(text: string): unknown {
  const json = readJson(text)
  const message = json.ok ? openEnvelope(json.value, 'auto') : null
  return message === null || 'fault' in message ? undefined : message.body
}

function readBody(body: unknown, line: number, found: Found, policies: PolicyList): LineReading {
  const parsed = found.provider.parse(body)
  if (!parsed.ok) return { ok: false, fault: describeIssues(parsed.issues) }
  const excess = excessOf(parsed.value)
  if (excess !== null) return { ok: false, fault: excess }
  return { ok: true, event: rowOf(parsed.value, line, found, policies) }
}

const NAMES = PROVIDER_NAMES.join(' or ')

interface Message {
  readonly body: unknown
  /** The name that an envelope gives; null where there is none. */
  readonly provider: string | null
}

interface Fault {
  readonly fault: string
}

/** Takes a body out of its envelope. A body that a provider knows and can read is no envelope. */
function openEnvelope(value: unknown, provider: string): Message | Fault {
  if (!isRecord(value) || !Object.hasOwn(value, 'body')) return { body: value, provider: null }
  const candidates = KNOWN_PROVIDERS.filter(({ name }) => provider === 'auto' || provider === name)
  if (candidates.some((known) => known.recognizes(value) && known.parse(value).ok)) {
    return { body: value, provider: null }
  }
  const { body, provider: named = null } = value
  if (named !== null && !isProviderName(named)) {
    return { fault: `the envelope names an unknown provider: expected ${NAMES}` }
  }
  if (typeof body !== 'string') return { body, provider: named }
  const json = readJson(body)
  if (!json.ok) return { fault: `in the envelope's body: ${json.fault}` }
  return { body: json.value, provider: named }
}

interface Found {
  readonly provider: Provider
  readonly toldBy: ToldBy
}

function providerOf(body: unknown, named: string | null, option: string): Found | Fault {
  const name = named ?? (option === 'auto' ? null : option)
  const provider = KNOWN_PROVIDERS.find((known) =>
    name === null ? known.recognizes(body) : known.name === name,
  )
  if (provider !== undefined) {
    return { provider, toldBy: named !== null ? 'envelope' : name !== null ? 'option' : 'shape' }
  }
  const came = isRecord(body)
    ? 'an object of another shape; run with --provider to see what it lacks'
    : kindOf(body)
  return { fault: `expected a webhook body of ${NAMES}, or an envelope around one; got ${came}` }
}

function describeIssues(issues: readonly ParseIssue[]): string {
  const [first] = issues
  if (first === undefined) return 'the provider cannot read this body'
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  const path = first.path === '' || first.message.includes(first.path) ? '' : `${first.path}: `
  return `${path}${first.message}`.slice(0, 400) + more
}

function excessOf(event: ProviderEvent): string | null {
  const { earlier = [] } = event
  const highest = earlier.reduce((top, { attempt }) => Math.max(top, attempt), event.attempt ?? 1)
  return highest > MAX_ATTEMPTS || earlier.length > MAX_ATTEMPTS
    ? `the body tells of more than ${MAX_ATTEMPTS} attempts of one call`
    : null
}

function rowOf(
  event: ProviderEvent,
  line: number,
  { provider, toldBy }: Found,
  policies: PolicyList,
): EventRow {
  const { status, raw } = parseStatus(event.status)
  const { details, earlier } = event
  return [
    line,
    KNOWN_PROVIDERS.indexOf(provider),
    TOLD_BY.indexOf(toldBy),
    event.callId,
    status === null || event.unrecognized === true ? raw : CALL_STATUSES.indexOf(status),
    event.attempt ?? null,
    event.occurredAt ?? null,
    // Empty details stay details: they still replace older ones, as in the library.
    details === undefined ? null : policies.add(details.retryPolicy),
    details?.talkMs ?? null,
    details?.voicemail ?? null,
    earlier === undefined || earlier.length === 0 ? null : earlier,
  ]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isProviderName(value: unknown): value is string {
  return typeof value === 'string' && PROVIDER_NAMES.includes(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return `a ${typeof value}`
}
