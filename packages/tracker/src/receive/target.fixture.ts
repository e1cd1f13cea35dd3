import type { Decision } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { createTracker } from '../create-tracker.ts'
import { DEFAULTS } from '../defaults.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { OriginOptions, WebhookOptions, WebhookTarget } from './index.ts'

export const NOW = 1_767_225_600_000

/** A tracker in memory, and what it was told. */
export interface Heard extends WebhookTarget {
  /** The decisions stored of a call. */
  decisions(callId: string): Promise<readonly Decision['kind'][]>
  /** How many events are stored in all. */
  stored(): Promise<number>
  /** Everything the handler logged, as JSON lines. */
  readonly logged: readonly string[]
  /** The statuses that the handler counted. */
  readonly counted: readonly number[]
}

/** A tracker on the memory store; parts of it may be replaced. */
export function createTarget(overrides: Partial<WebhookTarget> = {}): Heard {
  const tracker = createTracker({
    store: createMemoryStore(),
    providers: [bolna, dialgen],
    now: () => NOW,
  })
  const logged: string[] = []
  const counted: number[] = []
  const log = (fields: object, message: string) =>
    void logged.push(JSON.stringify({ ...fields, message }))
  return {
    ...tracker,
    metrics: { webhook: (_, status) => void counted.push(status) },
    logger: { debug: log, info: log, warn: log, error: log },
    logged,
    counted,
    async decisions(callId) {
      const histories = ['bolna', 'dialgen'].map((provider) =>
        tracker.history({ provider, callId }),
      )
      const entries = (await Promise.all(histories)).flat()
      return entries.flatMap(({ decision }) => decision?.kind ?? [])
    },
    async stored() {
      const { items } = await tracker.list({ limit: DEFAULTS.page.maxLimit })
      return items.reduce((sum, { events }) => sum + events, 0)
    },
    ...overrides,
  }
}

export const PUBLISHED_ADDRESS = bolna.delivery.sourceAddresses[0] ?? ''

/** The options of a handler for one provider, with its proofs of origin beside them. */
export interface OneProvider extends OriginOptions, Omit<Partial<WebhookOptions>, 'origins'> {
  /** Whether deliveries are taken from everybody. */
  readonly isOpen?: boolean
}

/** A handler's options for one provider, Bolna unless another is named. */
export function forOne({
  provider = 'bolna',
  isOpen = false,
  secret,
  keys,
  addresses,
  ...options
}: OneProvider = {}): WebhookOptions {
  const own: OriginOptions = {
    ...(secret !== undefined && { secret }),
    ...(keys !== undefined && { keys }),
    ...(addresses !== undefined && { addresses }),
  }
  return { provider, origins: { [provider]: isOpen ? false : own }, ...options }
}

/** A delivery of Bolna's. */
export function bolnaBody(status: string, id = 'c-1'): string {
  return JSON.stringify({ id, status, transcript: 'the assistant said a private word' })
}

/** What can be sent as a body. */
export type Body = NonNullable<RequestInit['body']>

/** A request with a body and headers; JSON unless they say otherwise. */
export function post(body: Body, headers: Record<string, string> = {}): Request {
  return new Request('https://receiver.test/webhooks', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    duplex: 'half',
  } as RequestInit)
}

/** What a handler says in its answers. */
export interface Said {
  readonly ok: boolean
  readonly repeated?: boolean
  readonly issues?: readonly { readonly path: string; readonly message: string }[]
}

/** Reads an answer. */
export async function said(response: Response): Promise<Said> {
  return (await response.json()) as Said
}

/** Something to wait for, until somebody opens it. */
export interface Gate<Value> {
  readonly opened: Promise<Value>
  open(value: Value): void
}

export function gate<Value = void>(): Gate<Value> {
  let open: Gate<Value>['open'] = () => {}
  const opened = new Promise<Value>((resolve) => {
    open = resolve
  })
  return { opened, open: (value) => open(value) }
}
