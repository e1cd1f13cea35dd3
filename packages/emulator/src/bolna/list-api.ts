import { CALL_STATUSES } from 'callstate'
import { BOLNA_API_LIMITS } from 'callstate/internal/providers/bolna'
import type { Hono } from 'hono'
import * as z from 'zod'
import type { Agents } from './agents.ts'
import type { Execution } from './execution.ts'
import type { Executions } from './executions.ts'
import { recordOf, rowOf } from './record.ts'
import { checkedBy, refuse } from './reply.ts'

const { defaultPageSize, maxPageSize, maxRangeMs } = BOLNA_API_LIMITS

const timeSchema = z.iso
  .datetime({ offset: true, error: 'must be a UTC time in ISO 8601' })
  .transform((text) => Date.parse(text))

/**
 * Stated: `from` and `to` are required together and at most seven days apart, and a page has at most
 * 50 rows. The list of statuses is that of calls but for `prepared`.
 */
const querySchema = z
  .object({
    page_number: z.coerce.number().int().min(1, 'must be at least 1').default(1),
    page_size: z.coerce
      .number()
      .int()
      .min(1, 'must be at least 1')
      .max(maxPageSize, `must be at most ${maxPageSize}`)
      .default(defaultPageSize),
    status: z.enum(CALL_STATUSES).exclude(['prepared']).optional(),
    call_type: z.enum(['inbound', 'outbound']).optional(),
    provider: z.enum(['plivo', 'twilio', 'websocket', 'web-call']).optional(),
    answered_by_voice_mail: z.enum(['true', 'false']).optional(),
    batch_id: z.string().optional(),
    from: timeSchema,
    to: timeSchema,
  })
  .refine(({ from, to }) => to >= from && to - from <= maxRangeMs, {
    path: ['to'],
    error: 'must be at most 7 days after from',
  })

/** `GET /v2/agent/{id}/executions`: trimmed rows, the latest first. Source: Bolna's page on that endpoint. */
export function addListApi(routes: Hono, agents: Agents, executions: Executions): void {
  routes.get('/v2/agent/:id/executions', (c) => {
    const agent = agents.get(c.req.param('id'))
    if (agent === undefined) return refuse(c, { status: 404, message: 'Agent not found' })
    const query = checkedBy(querySchema, c.req.query())
    if (!query.ok) return refuse(c, query.refusal)
    const { page_number, page_size } = query.value
    const found = executions
      .all()
      .filter((execution) => execution.agentId === agent.id && fits(execution, query.value))
      .reverse()
    const end = page_number * page_size
    return c.json({
      page_number,
      page_size,
      total: found.length,
      has_more: found.length > end,
      data: found.slice(end - page_size, end).map(rowOf),
    })
  })
}

function fits(execution: Execution, query: z.output<typeof querySchema>): boolean {
  const { call, carrier, batchId } = execution
  const { status, call_type, provider, batch_id, answered_by_voice_mail: voicemail } = query
  return (
    call.createdAt >= query.from &&
    call.createdAt <= query.to &&
    (status === undefined || call.status === status) &&
    (call_type === undefined || call.direction === call_type) &&
    (provider === undefined || carrier === provider) &&
    (batch_id === undefined || batchId === batch_id) &&
    // `false` is the default of the documents and filters nothing there.
    (voicemail !== 'true' || recordOf(execution)['answered_by_voice_mail'] === true)
  )
}
