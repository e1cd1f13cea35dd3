import type { MessageKind, ParseIssue, Provider } from 'callstate/providers'
import { assertTime } from '../assert-number.ts'
import type { Logger } from '../logger.ts'
import type { DataResult, Metrics } from '../metrics.ts'
import { type Decoded, decodeDelivered, decodeInput } from './decode-input.ts'
import type { IngestedEvent, IngestInput, IngestResult } from './ingest.ts'
import type { Intake } from './intake.ts'
import {
  type BodyReading,
  messagesOf,
  providerOf,
  type ReadMessage,
  readBody,
  readInput,
} from './read-message.ts'
import type { Redact } from './redact.ts'
import type { Taken } from './waiting-queue.ts'

/** The ways into a tracker. */
export interface TakeIn {
  /** See `Tracker.ingest`. */
  ingest(input: IngestInput): Promise<IngestResult>
  /** Reads a provider's answer to a question. Throws `callback-failed` where the provider throws. */
  readAnswer(provider: string, body: unknown, kind: MessageKind): AnswerReading
  /** Takes in an answer that was read, now. */
  takeAnswer(answer: ReadAnswer): Promise<IngestResult>
}

/** A provider's answer, read once. */
export interface ReadAnswer extends BodyReading {
  readonly ok: true
  readonly provider: Provider
  readonly decoded: Decoded
}

/** The answer of `readAnswer`. */
export type AnswerReading =
  | ReadAnswer
  | { readonly ok: false; readonly issues: readonly ParseIssue[] }

/** What taking in needs of its tracker. */
export interface TakeInSettings {
  readonly providers: ReadonlyMap<string, Provider>
  readonly intake: Intake
  readonly redact: Redact | undefined
  readonly now: () => number
  /** Resolves when the store has its tables; null where nothing has to be waited for. */
  readonly ready: () => Promise<void> | null
  readonly metrics: Metrics
  readonly logger: Logger
}

/** Makes the ways in: decode, read, store, tell. */
export function createTakeIn(settings: TakeInSettings): TakeIn {
  const { providers, intake, redact, now, ready } = settings

  /** No promise waits in here: what was decoded is let go of before the store is waited for. */
  function take(
    provider: Provider,
    decoded: Decoded,
    reading: BodyReading,
    receivedAt: number,
  ): Promise<IngestResult> {
    return takeRead(provider, messagesOf(provider, decoded, reading, redact), receivedAt)
  }

  async function takeRead(
    provider: Provider,
    read: ReadMessage,
    receivedAt: number,
  ): Promise<IngestResult> {
    if (!read.ok) return read
    if (read.type === 'skip') {
      const { word } = read
      const kind = ownKind(provider, word) === 'skip' ? word : 'undeclared'
      settings.metrics.skipped(provider.name, kind)
      return { ok: true, type: 'skip', word }
    }
    const gettingReady = ready()
    if (gettingReady !== null) await gettingReady
    const taken = await intake.take(read.messages, receivedAt)
    for (const one of taken) tell(settings, one)
    return read.type === 'data' ? dataResult(taken) : eventsResult(taken, read.needsAnswer)
  }

  return {
    async ingest(input) {
      const provider = providerOf(
        providers,
        'event' in input ? input.event.provider : input.provider,
      )
      const own = 'delivery' in input ? input.delivery.receivedAt : undefined
      // What was received lies behind us, whatever the caller's clock says.
      const receivedAt = Math.floor(Math.min(input.receivedAt ?? own ?? now(), now()))
      assertTime('receivedAt', receivedAt)
      const decoding =
        'delivery' in input ? await decodeDelivered(input.delivery, provider) : decodeInput(input)
      if (!decoding.ok) return decoding
      const { decoded } = decoding
      return take(provider, decoded, readInput(input, decoded, provider), receivedAt)
    },
    readAnswer(name, body, kind) {
      const provider = providerOf(providers, name)
      const decoding = decodeInput({ provider: name, body })
      if (!decoding.ok) return decoding
      const { decoded } = decoding
      return { ok: true, provider, decoded, ...readBody(provider, decoded, kind) }
    },
    takeAnswer: ({ provider, decoded, ...reading }) =>
      take(provider, decoded, reading, Math.floor(now())),
  }
}

/** Counts what was taken in, and says what does not fit. */
function tell({ metrics, logger }: TakeInSettings, taken: Taken): void {
  const { message, decision, repeated } = taken
  const { provider, callId, word } = message.event
  if (message.type === 'data') {
    const result = dataResultOf(taken)
    metrics.data(provider, result)
    const why = NOT_KEPT[result]
    if (why !== null) logger.warn({ provider, callId, word }, why)
    return
  }
  if (decision === null) return
  metrics.event(provider, decision.kind, repeated)
  if (decision.kind === 'conflicting' || decision.kind === 'unrecognized') {
    logger.warn({ provider, callId, decision: decision.kind }, 'An event does not fit its call.')
  }
}

const NOT_KEPT = {
  kept: null,
  repeated: null,
  'unknown-call': 'Data was not kept: nothing was heard of its call.',
  'too-many': 'Data was not kept: its call has as many messages without a status as it may.',
} as const satisfies Record<DataResult, string | null>

function dataResultOf({ repeated, row, sequence }: Taken): DataResult {
  if (sequence !== null) return 'kept'
  if (repeated) return 'repeated'
  return row === null ? 'unknown-call' : 'too-many'
}

function dataResult(taken: readonly Taken[]): IngestResult {
  const [only] = taken
  if (only === undefined) throw new Error('A message got no answer.')
  const { repeated, row: call, sequence } = only
  return { ok: true, type: 'data', repeated, call, sequence }
}

function eventsResult(taken: readonly Taken[], needsAnswer: boolean): IngestResult {
  const events = taken.map(({ message, decision, repeated, row, sequence }): IngestedEvent => {
    if (decision === null || row === null) throw new Error('An event got no decision.')
    return { event: message.event, decision, repeated, call: row, sequence }
  })
  const [first] = events
  if (first === undefined) throw new Error('A message got no answer.')
  const { decision, repeated, call, sequence } = first
  return { ok: true, type: 'events', events, decision, repeated, call, sequence, needsAnswer }
}

function ownKind({ kinds }: Provider, word: string): 'data' | 'skip' | undefined {
  return Object.hasOwn(kinds, word) ? kinds[word] : undefined
}
