import type { Context, Hono } from 'hono'
import * as z from 'zod'
import { jsonBodyOf } from '../json-body.ts'
import type { Engine } from '../provider-api.ts'
import { type Account, MINUTES_PER_CONTACT } from './account.ts'
import type { Batch } from './batch.ts'
import { batchSchema } from './batch-options.ts'
import { batchRowOf, batchStatusOf } from './batch-record.ts'
import type { Batches } from './batches.ts'
import { isLive } from './live.ts'
import { batchItemOf } from './record.ts'
import {
  AGENT_NOT_FOUND,
  badRequest,
  checkedBy,
  FORBIDDEN,
  insufficientCredits,
  NOT_FOUND,
  refuse,
  START_IN_THE_PAST,
  validatedBy,
} from './reply.ts'

/** Stated: how many calls `check-status` shows where the request says nothing. */
const DEFAULT_RECENT_CALLS = 10

const querySchema = z.object({ batchId: z.string('is required').min(1, 'is required') })
/** Stated: a number, or `all` or `-1` for all calls. */
const limitSchema = z.object({
  limit: z
    .union(
      [
        z.enum(['all', '-1']).transform(() => Number.POSITIVE_INFINITY),
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
      ],
      'must be a number, "all" or "-1"',
    )
    .default(DEFAULT_RECENT_CALLS),
})

/** What the batches' routes stand on. */
export interface BatchesApiOptions {
  readonly engine: Engine
  readonly account: Account
  readonly batches: Batches
  readonly isAgent: (id: string) => boolean
  readonly isOwner: (userId: string) => boolean
}

/** The routes of batches. Source: https://docs.dialgen.ai/api-reference, its pages on batches. */
export function addBatchesApi(routes: Hono, options: BatchesApiOptions): void {
  const { engine, account, batches, isAgent, isOwner } = options

  routes.post('/api/v1/batch', async (c) => {
    const body = validatedBy(batchSchema, await jsonBodyOf(c))
    if (!body.ok) return refuse(c, body.refusal)
    const { agentId, userId, contacts, options: own } = body.value
    if (userId !== undefined && !isOwner(userId)) return refuse(c, FORBIDDEN)
    if (!isAgent(agentId)) return refuse(c, AGENT_NOT_FOUND)
    const minutes = contacts.length * MINUTES_PER_CONTACT
    if (minutes > account.minutesLeft()) {
      return refuse(c, insufficientCredits(account.minutesLeft(), minutes))
    }
    const { scheduledStartTime = Number.POSITIVE_INFINITY } = own
    if (scheduledStartTime <= engine.now()) return refuse(c, START_IN_THE_PAST)
    const batch = batches.create(body.value)
    const path = encodeURIComponent(batch.id)
    const base = c.req.url.replace(/\/api\/v1\/batch(\?.*)?$/, '')
    return c.json(
      {
        success: true,
        batchId: batch.id,
        status: batch.status,
        message: 'Batch accepted and is being processed. Monitor the status link for updates.',
        links: {
          status: `${base}/api/v1/batch/${path}/status`,
          dashboard: `${base}/batch/monitor/${path}`,
        },
      },
      202,
    )
  })

  const withBatch = (c: Context, id: string, use: (batch: Batch) => Response) => {
    const batch = batches.get(id)
    return batch === undefined ? refuse(c, NOT_FOUND) : use(batch)
  }
  const withAskedBatch = (c: Context, use: (batch: Batch) => Response) => {
    const query = checkedBy(querySchema, c.req.query())
    return query.ok ? withBatch(c, query.value.batchId, use) : refuse(c, query.refusal)
  }
  const statistics = (c: Context) => (batch: Batch) => {
    const query = checkedBy(limitSchema, c.req.query())
    if (!query.ok) return refuse(c, query.refusal)
    return c.json(batchStatusOf(batch, engine.now(), query.value.limit))
  }

  routes.get('/api/v1/status/batch', (c) =>
    withAskedBatch(c, (batch) => {
      if (!isLive(batch.createdAt, engine.now())) return refuse(c, NOT_FOUND)
      return c.json({ batchId: batch.id, calls: batch.calls.map(batchItemOf) })
    }),
  )
  routes.get('/api/v1/batch/check-status', (c) => withAskedBatch(c, statistics(c)))
  // `links.status` of a new batch leads here. What it answers is not documented: our reading.
  routes.get('/api/v1/batch/:id/status', (c) => withBatch(c, c.req.param('id'), statistics(c)))
  routes.get('/api/v1/batch/list', (c) => c.json(batches.all().toReversed().map(batchRowOf)))
  routes.post('/api/v1/batch/cancel', (c) =>
    withAskedBatch(c, (batch) => {
      const cancelledJobs = batches.cancel(batch)
      // Only "a running or pending batch" can be cancelled. What is answered otherwise is our reading.
      if (cancelledJobs === null) return refuse(c, badRequest(`Batch is ${batch.status} already`))
      return c.json({
        success: true,
        batchId: batch.id,
        status: batch.status,
        cancelledJobs,
        message: 'Batch processing cancelled successfully',
      })
    }),
  )
}
