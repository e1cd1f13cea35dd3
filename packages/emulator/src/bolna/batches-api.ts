import type { Context, Hono } from 'hono'
import * as z from 'zod'
import type { Engine } from '../provider-api.ts'
import type { Agents } from './agents.ts'
import { type Batch, type Batches, batchRecordOf } from './batches.ts'
import { parseCsv } from './csv.ts'
import { phoneNumberSchema } from './phone-number.ts'
import { rowOf } from './record.ts'
import { accepted, type Checked, checkedBy, refuse, refused } from './reply.ts'
import { type RetryConfig, retryConfigSchema } from './retry-config.ts'
import { MAX_BATCH_LEAD_MS, readScheduledAt } from './scheduled-at.ts'

const listOf = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .union([z.array(z.unknown()), z.unknown()])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .pipe(z.array(schema))

const batchSchema = z.object({
  agent_id: z.string('is required').min(1, 'is required'),
  file: z.instanceof(File, { error: 'is required' }),
  from_phone_numbers: listOf(phoneNumberSchema).optional(),
  retry_config: z.string().optional(),
  webhook_url: z.string().optional(),
})

const scheduleSchema = z.object({
  scheduled_at: z.string('is required'),
  bypass_call_guardrails: z.enum(['true', 'false']).optional(),
})

/** What the batches' routes stand on. */
export interface BatchesApiOptions {
  readonly engine: Engine
  readonly agents: Agents
  readonly batches: Batches
}

/** The routes of batches. Source: https://www.bolna.ai/docs/api-reference/batches */
export function addBatchesApi(routes: Hono, options: BatchesApiOptions): void {
  const { engine, agents, batches } = options
  const withBatch = async (c: Context, use: (batch: Batch) => Response | Promise<Response>) => {
    const batch = batches.get(c.req.param('id') ?? '')
    return batch === undefined ? refuse(c, { status: 404, message: 'Batch not found' }) : use(batch)
  }

  routes.post('/batches', async (c) => {
    const form = await c.req.parseBody({ all: true }).catch(() => null)
    const body = checkedBy(batchSchema, form)
    if (!body.ok) return refuse(c, body.refusal)
    const { file, from_phone_numbers: agentNumbers = [], webhook_url = null } = body.value
    const agent = agents.get(body.value.agent_id)
    if (agent === undefined) return refuse(c, { status: 404, message: 'Agent not found' })
    const retryConfig = readRetryConfig(body.value.retry_config)
    if (!retryConfig.ok) return refuse(c, retryConfig.refusal)
    const rows = parseCsv(await file.text())
    if (rows.some((row) => row['contact_number'] === undefined)) {
      return refuse(c, { status: 400, message: 'contact_number is required in the CSV file' })
    }
    const batch = batches.create({
      agent,
      fileName: file.name,
      rows,
      agentNumbers,
      retryConfig: retryConfig.value,
      webhookUrl: webhook_url,
    })
    return c.json({ batch_id: batch.id, state: 'created' }, 201)
  })
  routes.get('/batches/:id/all', (c) =>
    c.json(
      batches
        .all()
        .filter(({ agent }) => agent.id === c.req.param('id'))
        .map((batch) => batchRecordOf(batch, engine.now())),
    ),
  )
  routes.get('/batches/:id', (c) =>
    withBatch(c, (batch) => c.json(batchRecordOf(batch, engine.now()))),
  )
  // Stated: a bare array.
  routes.get('/batches/:id/executions', (c) =>
    withBatch(c, (batch) => c.json(batch.executions.map(rowOf))),
  )
  routes.post('/batches/:id/schedule', (c) =>
    withBatch(c, async (batch) => {
      const form = checkedBy(scheduleSchema, await c.req.parseBody().catch(() => null))
      if (!form.ok) return refuse(c, form.refusal)
      const { scheduled_at, bypass_call_guardrails } = form.value
      const time = readScheduledAt(scheduled_at, engine.now(), MAX_BATCH_LEAD_MS)
      if (!time.ok) return refuse(c, time.refusal)
      if (!batches.schedule(batch, time.value, bypass_call_guardrails === 'true')) {
        return refuse(c, { status: 400, message: `Batch is ${batch.status} already` })
      }
      return c.json({ message: 'success', state: 'scheduled' })
    }),
  )
  routes.post('/batches/:id/stop', (c) =>
    withBatch(c, (batch) => {
      if (batches.stop(batch)) return c.json({ message: 'success', state: 'stopped' })
      return refuse(c, { status: 404, message: 'Batch is not queued or running' })
    }),
  )
  routes.delete('/batches/:id', (c) =>
    withBatch(c, (batch) => {
      batches.delete(batch)
      return c.json({ message: 'success', state: 'deleted' })
    }),
  )
}

/** `retry_config` comes as JSON text in a form. */
function readRetryConfig(text: string | undefined): Checked<RetryConfig | null> {
  if (text === undefined) return accepted(null)
  try {
    return checkedBy(retryConfigSchema, JSON.parse(text))
  } catch {
    return refused(400, 'retry_config must be JSON')
  }
}
