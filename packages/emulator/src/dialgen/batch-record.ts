import type { Batch } from './batch.ts'
import { iso, recentCallOf } from './record.ts'
import { wordOf } from './status.ts'

// A batch in Dialgen's messages. Sources: https://docs.dialgen.ai/guides/batch-calling/monitoring and
// https://docs.dialgen.ai/guides/batch-calling/webhooks.

/** How far a batch has come, in calls and in percent. */
export interface Statistics {
  readonly total: number
  readonly processed: number
  readonly succeeded: number
  readonly failed: number
  readonly pending: number
  readonly percentComplete: number
  readonly successRate: number
}

/** Calls that were taken out of the queue count as pending: nobody attempted them (our reading). Pure. */
export function statisticsOf({ contacts, calls }: Batch): Statistics {
  const total = contacts.size
  const over = calls.filter(({ call }) => call.isSettled && call.status !== 'canceled')
  const processed = over.length
  const succeeded = over.filter((dialed) => wordOf(dialed) === 'COMPLETED').length
  return {
    total,
    processed,
    succeeded,
    failed: processed - succeeded,
    pending: total - processed,
    percentComplete: percent(processed, total),
    successRate: percent(succeeded, processed),
  }
}

/** `GET /api/v1/batch/check-status`, with so many calls, the latest first. Pure. */
export function batchStatusOf(batch: Batch, now: number, limit: number): Record<string, unknown> {
  const { id, status, request, createdAt, startedAt, completedAt } = batch
  const statistics = statisticsOf(batch)
  const elapsed = startedAt === null ? 0 : ((completedAt ?? now) - startedAt) / 1000
  const callsPerSecond = elapsed === 0 ? 0 : statistics.processed / elapsed
  const isGoingOn = status === 'processing' && callsPerSecond > 0
  return {
    batchId: id,
    status,
    priority: request.options.priority,
    statistics,
    performance: {
      callsPerSecond: Math.round(callsPerSecond * 100) / 100,
      estimatedTimeRemaining: isGoingOn ? Math.round(statistics.pending / callsPerSecond) : null,
      elapsedTime: Math.round(elapsed),
    },
    timestamps: timesOf({ createdAt, startedAt, completedAt }),
    recentCalls: batch.calls.toReversed().slice(0, limit).map(recentCallOf),
    webhooks: request.options.webhooks ?? null,
    agentId: request.agentId,
    userId: request.userId ?? null,
  }
}

/** An element of `GET /api/v1/batch/list`. Pure. */
export function batchRowOf(batch: Batch): Record<string, unknown> {
  const { total, processed, succeeded, failed, percentComplete } = statisticsOf(batch)
  return {
    batchId: batch.id,
    status: batch.status,
    total,
    processed,
    succeeded,
    failed,
    percentComplete,
    createdAt: iso(batch.createdAt),
    agentId: batch.request.agentId,
    priority: batch.request.options.priority,
  }
}

/** `onBatchComplete`. Pure. */
export function completedMessageOf(batch: Batch): Record<string, unknown> {
  const { pending, ...statistics } = statisticsOf(batch)
  return {
    event: 'batch.completed',
    batchId: batch.id,
    agentId: batch.request.agentId,
    userId: batch.request.userId ?? null,
    statistics,
    timestamps: timesOf(batch),
  }
}

/** `onBatchFailed`, whose one documented reason is that there are no minutes. Pure. */
export function failedMessageOf(batch: Batch, now: number): Record<string, unknown> {
  return {
    event: 'batch.failed',
    batchId: batch.id,
    agentId: batch.request.agentId,
    error: 'Insufficient call minutes',
    code: 'INSUFFICIENT_CREDITS',
    timestamp: iso(now),
  }
}

function timesOf(batch: Pick<Batch, 'createdAt' | 'startedAt' | 'completedAt'>) {
  const text = (time: number | null) => (time === null ? null : iso(time))
  return {
    createdAt: iso(batch.createdAt),
    startedAt: text(batch.startedAt),
    completedAt: text(batch.completedAt),
  }
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 100)
}
