import { phaseOf } from 'callstate'
import type { BolnaBatchStatus } from 'callstate/internal/providers/bolna'
import type { Engine } from '../provider-api.ts'
import type { Range } from '../random.ts'
import type { BolnaAgent } from './agents.ts'
import type { CsvRow } from './csv.ts'
import type { Execution } from './execution.ts'
import type { Executions, NewExecution } from './executions.ts'
import { phoneNumberSchema } from './phone-number.ts'
import type { RetryConfig } from './retry-config.ts'

/** From the upload to the calls' records, in milliseconds. Our reading, well below the least lead of a schedule. */
const PROCESSING_MS: Range = [1_000, 5_000]
/** From the scheduled time to the first call in the dial queue, in milliseconds. Our reading. */
const STARTING_MS: Range = [1_000, 5_000]

/** What a batch is made of. */
export interface NewBatch {
  readonly agent: BolnaAgent
  readonly fileName: string
  readonly rows: readonly CsvRow[]
  readonly agentNumbers: readonly string[]
  readonly retryConfig: RetryConfig | null
  /** Where the batch's own webhooks go; those of its calls go where the agent's go. */
  readonly webhookUrl: string | null
}

/** A batch: calls that are prepared together, and placed together. */
export interface Batch extends NewBatch {
  readonly id: string
  readonly createdAt: number
  status: BolnaBatchStatus
  updatedAt: number
  scheduledFor: number | null
  bypassesGuardrails: boolean
  executions: readonly Execution[]
}

/** The batches of the account. */
export interface Batches {
  create(batch: NewBatch): Batch
  get(id: string): Batch | undefined
  all(): readonly Batch[]
  /** False where the batch has been scheduled or stopped before. */
  schedule(batch: Batch, at: number, bypassesGuardrails: boolean): boolean
  /** False where the batch is neither queued nor running. Stated. */
  stop(batch: Batch): boolean
  /** Stops what still waits, and forgets the batch. */
  delete(batch: Batch): void
  /** Told of every change of every call. */
  noteChange(execution: Execution): void
}

/** The statuses at which a batch's webhook fires. Source: https://www.bolna.ai/docs/changelog/september-2025 */
const ANNOUNCED: ReadonlySet<BolnaBatchStatus> = new Set<BolnaBatchStatus>([
  'processed',
  'scheduled',
  'queued',
  'running',
  'completed',
  'stopped',
])

/** Batches: created → processed → scheduled → queued → running → completed, or stopped. */
export function createBatches(engine: Engine, executions: Executions): Batches {
  const byId = new Map<string, Batch>()
  let created = 0
  const enter = (batch: Batch, status: BolnaBatchStatus) => {
    batch.status = status
    batch.updatedAt = engine.now()
    if (!ANNOUNCED.has(status)) return
    engine.send(`batch ${batch.id}`, {
      url: batch.webhookUrl ?? '',
      body: JSON.stringify(batchRecordOf(batch, engine.now())),
      isFinal: status === 'completed' || status === 'stopped',
    })
  }
  const process = (batch: Batch) => {
    if (!byId.has(batch.id)) return
    batch.executions = validRows(batch).map((row) =>
      executions.create(newExecutionOf(batch, row, engine)),
    )
    if (batch.status === 'created') enter(batch, 'processed')
  }
  const start = (batch: Batch) => {
    if (batch.status !== 'scheduled' || !byId.has(batch.id)) return
    enter(batch, 'queued')
    const pauseMs = engine.random('batch start', batch.id).whole(STARTING_MS)
    engine.at(engine.now() + pauseMs, () => {
      if (batch.status !== 'queued' || !byId.has(batch.id)) return
      enter(batch, 'running')
      for (const { call } of batch.executions) engine.queue(call)
      completeWhenOver(batch)
    })
  }
  const completeWhenOver = (batch: Batch) => {
    const isOver = batch.executions.every(({ call }) => call.isSettled)
    if (batch.status === 'running' && isOver) enter(batch, 'completed')
  }
  const endWaiting = (batch: Batch) => {
    for (const { call } of batch.executions) engine.end(call, 'stopped')
  }

  return {
    get: (id) => byId.get(id),
    all: () => [...byId.values()],
    create(request) {
      const random = engine.random('batch', created++)
      const batch = newBatchOf(request, random.hex(32), engine.now())
      byId.set(batch.id, batch)
      engine.at(batch.createdAt + random.whole(PROCESSING_MS), () => process(batch))
      return batch
    },
    schedule(batch, at, bypassesGuardrails) {
      if (batch.status !== 'created' && batch.status !== 'processed') return false
      batch.scheduledFor = at
      batch.bypassesGuardrails = bypassesGuardrails
      enter(batch, 'scheduled')
      engine.at(at, () => start(batch))
      return true
    },
    stop(batch) {
      if (batch.status !== 'queued' && batch.status !== 'running') return false
      // First, so that the end of its last call does not complete it.
      enter(batch, 'stopped')
      endWaiting(batch)
      return true
    },
    delete(batch) {
      byId.delete(batch.id)
      endWaiting(batch)
    },
    noteChange({ call, batchId }) {
      if (batchId === null) return
      const batch = byId.get(batchId)
      const isOff = batch === undefined || batch.status === 'stopped'
      // Our reading: no call of it is tried again. Soon, and not now: the change is still being made,
      // and its own webhook goes first.
      if (isOff && phaseOf(call.status) === 'waiting') {
        engine.at(engine.now(), () => void engine.end(call, 'stopped'))
      }
      if (batch !== undefined && call.isSettled) completeWhenOver(batch)
    },
  }
}

function newBatchOf(request: NewBatch, id: string, createdAt: number): Batch {
  return {
    ...request,
    id,
    createdAt,
    updatedAt: createdAt,
    status: 'created',
    scheduledFor: null,
    bypassesGuardrails: false,
    executions: [],
  }
}

function newExecutionOf(batch: Batch, row: CsvRow, engine: Engine): NewExecution {
  const { contact_number: phoneNumber = '', ...userData } = row
  const [first, ...rest] = batch.agentNumbers
  return {
    agent: batch.agent,
    phoneNumber,
    direction: 'outbound',
    agentNumber:
      first === undefined
        ? undefined
        : engine.random('number', batch.id, phoneNumber).pick([first, ...rest]),
    batchId: batch.id,
    userData,
    retryConfig: batch.retryConfig,
    start: 'prepared',
    bypassesGuardrails: () => batch.bypassesGuardrails,
  }
}

/** The record of a batch: the answer of `GET /batches/{id}`, and the body of its webhooks. Pure. */
export function batchRecordOf(batch: Batch, now: number): Record<string, unknown> {
  const counts: Record<string, number> = {}
  for (const { call } of batch.executions) counts[call.status] = (counts[call.status] ?? 0) + 1
  const minutes = Math.floor((now - batch.createdAt) / 60_000)
  return {
    batch_id: batch.id,
    humanized_created_at: `${minutes} minutes ago`,
    created_at: new Date(batch.createdAt).toISOString(),
    updated_at: new Date(batch.updatedAt).toISOString(),
    status: batch.status,
    scheduled_at: batch.scheduledFor === null ? null : new Date(batch.scheduledFor).toISOString(),
    from_phone_numbers: batch.agentNumbers,
    file_name: batch.fileName,
    valid_contacts: validRows(batch).length,
    total_contacts: batch.rows.length,
    execution_status: counts,
  }
}

function validRows({ rows }: NewBatch): readonly CsvRow[] {
  return rows.filter((row) => phoneNumberSchema.safeParse(row['contact_number']).success)
}
