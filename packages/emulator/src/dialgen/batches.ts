import { phaseOf } from 'callstate'
import { dialgenRetryPolicy } from 'callstate/providers/dialgen'
import type { Engine } from '../provider-api.ts'
import type { Range } from '../random.ts'
import type { Account } from './account.ts'
import type { Batch } from './batch.ts'
import type { BatchRequest } from './batch-options.ts'
import { completedMessageOf, failedMessageOf } from './batch-record.ts'
import type { Calls, DialgenCall } from './calls.ts'
import type { Contacts } from './contacts.ts'

/** From the request to the calls' records, in milliseconds. Our reading. */
const INGESTION_MS: Range = [1_000, 5_000]
/** From the scheduled time, or from the calls' records, to the first call in the dial queue, in milliseconds. Our reading. */
const PENDING_MS: Range = [1_000, 5_000]

/** The batches of the account. */
export interface Batches {
  create(request: BatchRequest): Batch
  get(id: string): Batch | undefined
  /** The first one first. */
  all(): readonly Batch[]
  /** The number of calls that were taken out of the queue; null where the batch is over. */
  cancel(batch: Batch): number | null
  /** Told of every change of a batch's calls. */
  noteChange(dialed: DialgenCall): void
}

/** What the batches stand on. */
export interface BatchesOptions {
  readonly engine: Engine
  readonly account: Account
  readonly contacts: Contacts
  readonly calls: Calls
  /** Sends one of a batch's own webhooks. */
  readonly send: (batch: Batch, url: string | undefined, message: unknown) => void
}

/** Batches: ingesting → scheduled → pending → processing → completed, or cancelled before that. */
export function createBatches(options: BatchesOptions): Batches {
  const { engine, account, contacts, calls, send } = options
  const byId = new Map<string, Batch>()
  const draw = (batch: Batch, purpose: string, range: Range) =>
    engine.random(purpose, batch.id).whole(range)

  const ingest = (batch: Batch) => {
    if (batch.status !== 'ingesting') return
    const { agentId, options: own } = batch.request
    batch.calls = [...batch.contacts].map(([contact, metadata]) =>
      calls.create({
        contact,
        agentId,
        batchId: batch.id,
        callbackUrl: own.webhooks?.onCallComplete ?? null,
        metadata,
        policy: dialgenRetryPolicy(own.retryStrategy),
        start: 'prepared',
      }),
    )
    batch.openCalls = batch.calls.length
    if (own.scheduledStartTime === undefined) return makePending(batch)
    batch.status = 'scheduled'
    engine.at(own.scheduledStartTime, () => {
      if (batch.status === 'scheduled') makePending(batch)
    })
  }
  const makePending = (batch: Batch) => {
    batch.status = 'pending'
    engine.at(engine.now() + draw(batch, 'batch start', PENDING_MS), () => start(batch))
  }
  const start = (batch: Batch) => {
    if (batch.status !== 'pending') return
    const now = engine.now()
    batch.status = 'processing'
    batch.startedAt = now
    batch.hasFailed = !account.isFunded()
    if (batch.hasFailed) {
      send(batch, batch.request.options.webhooks?.onBatchFailed, failedMessageOf(batch, now))
    }
    const spacingMs = 1000 / batch.request.options.maxCallsPerSecond
    batch.calls.forEach(({ call }, index) => {
      engine.at(now + Math.floor(index * spacingMs), () => engine.queue(call))
    })
  }
  const complete = (batch: Batch) => {
    if (batch.status !== 'processing') return
    batch.status = 'completed'
    batch.completedAt = engine.now()
    if (batch.hasFailed) return
    send(batch, batch.request.options.webhooks?.onBatchComplete, completedMessageOf(batch))
  }

  return {
    get: (id) => byId.get(id),
    all: () => [...byId.values()],
    create(request) {
      const batch = newBatchOf(request, engine, byId.size, contacts)
      byId.set(batch.id, batch)
      const ingestionMs = draw(batch, 'batch ingestion', INGESTION_MS)
      engine.at(batch.createdAt + ingestionMs, () => ingest(batch))
      return batch
    },
    cancel(batch) {
      if (batch.status === 'completed' || batch.status === 'cancelled') return null
      batch.status = 'cancelled'
      return batch.calls.filter(({ call }) => engine.end(call, 'canceled')).length
    },
    noteChange({ call, batchId }) {
      const batch = batchId === null ? undefined : byId.get(batchId)
      if (batch === undefined) return
      // Soon, and not now: the change is still being made, and its own webhook goes first.
      if (batch.status === 'cancelled' && phaseOf(call.status) === 'waiting') {
        engine.at(engine.now(), () => void engine.end(call, 'canceled'))
      }
      if (!call.isSettled) return
      batch.openCalls--
      if (batch.openCalls === 0) engine.at(engine.now(), () => complete(batch))
    },
  }
}

function newBatchOf(
  request: BatchRequest,
  engine: Engine,
  index: number,
  contacts: Contacts,
): Batch {
  const createdAt = engine.now()
  return {
    id: `batch_${createdAt}_${request.agentId}_${engine.random('batch', index).hex(8)}`,
    request,
    createdAt,
    // Contacts that are named twice are called once: stated as "handled".
    contacts: new Map(
      request.contacts.map(({ id, phoneNumber, name, metadata }) => [
        contacts.resolve({ id: id ?? undefined, phoneNumber, name: name ?? undefined }),
        metadata ?? {},
      ]),
    ),
    status: 'ingesting',
    startedAt: null,
    completedAt: null,
    hasFailed: false,
    calls: [],
    openCalls: 0,
  }
}
