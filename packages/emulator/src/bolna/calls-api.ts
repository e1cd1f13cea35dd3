import type { Hono } from 'hono'
import * as z from 'zod'
import { jsonBodyOf } from '../json-body.ts'
import type { Engine } from '../provider-api.ts'
import type { Agents } from './agents.ts'
import type { Executions } from './executions.ts'
import { phoneNumberSchema } from './phone-number.ts'
import { recordOf } from './record.ts'
import { checkedBy, refuse } from './reply.ts'
import { retryConfigSchema } from './retry-config.ts'
import { readScheduledAt } from './scheduled-at.ts'

const callSchema = z.object({
  agent_id: z.string('is required').min(1, 'is required'),
  recipient_phone_number: phoneNumberSchema,
  from_phone_number: phoneNumberSchema.nullish(),
  scheduled_at: z.string('must be text').nullish(),
  user_data: z.record(z.string(), z.unknown()).nullish(),
  retry_config: retryConfigSchema.nullish(),
  bypass_call_guardrails: z.boolean().nullish(),
})

/** The statuses at which a call can be stopped. Stated: "Stop a queued or scheduled call". */
const STOPPABLE: ReadonlySet<string> = new Set(['queued', 'scheduled'])

/** What the calls' routes stand on. */
export interface CallsApiOptions {
  readonly engine: Engine
  readonly agents: Agents
  readonly executions: Executions
}

/**
 * `POST /call`, `GET /executions/{id}`, and what stops calls. Sources: Bolna's OpenAPI document
 * (https://github.com/bolna-ai/skills, `references/openapi.yml`) and its errors page.
 */
export function addCallsApi(routes: Hono, { engine, agents, executions }: CallsApiOptions): void {
  routes.post('/call', async (c) => {
    const body = checkedBy(callSchema, await jsonBodyOf(c))
    if (!body.ok) return refuse(c, body.refusal)
    const request = body.value
    const agent = agents.get(request.agent_id)
    if (agent === undefined) return refuse(c, { status: 404, message: 'Agent not found' })
    const text = request.scheduled_at ?? null
    const scheduled = text === null ? null : readScheduledAt(text, engine.now())
    if (scheduled?.ok === false) return refuse(c, scheduled.refusal)
    const { call } = executions.create({
      agent,
      phoneNumber: request.recipient_phone_number,
      direction: 'outbound',
      agentNumber: request.from_phone_number ?? undefined,
      userData: request.user_data ?? null,
      retryConfig: request.retry_config ?? null,
      bypassesGuardrails: () => request.bypass_call_guardrails === true,
      start: scheduled === null ? 'queued' : 'scheduled',
      ...(scheduled === null ? {} : { scheduledFor: scheduled.value }),
    })
    // Stated: the answer says `queued` always, also for a call that is scheduled.
    return c.json({ message: 'done', status: 'queued', execution_id: call.id })
  })

  routes.get('/executions/:id', (c) => {
    const execution = executions.get(c.req.param('id'))
    if (execution !== undefined) return c.json(recordOf(execution))
    return refuse(c, { status: 404, message: 'Execution not found or expired' })
  })

  routes.post('/call/:id/stop', (c) => {
    const execution = executions.get(c.req.param('id'))
    if (execution === undefined) return refuse(c, { status: 404, message: 'Execution not found' })
    const { call } = execution
    if (!STOPPABLE.has(call.status) || !engine.end(call, 'stopped')) {
      // What Bolna answers here is documented as "unexpected error" and no more.
      return refuse(c, { status: 400, message: 'Only queued or scheduled calls can be stopped' })
    }
    return c.json({ message: 'done', status: 'stopped', execution_id: call.id })
  })

  routes.post('/v2/agent/:id/stop', (c) => {
    const agent = agents.get(c.req.param('id'))
    if (agent === undefined) return refuse(c, { status: 404, message: 'Agent not found' })
    const queued = executions
      .all()
      .filter(({ agentId, call }) => agentId === agent.id && call.status === 'queued')
    for (const { call } of queued) engine.end(call, 'stopped')
    return c.json({ stopped_executions: queued.map(({ call }) => call.id) })
  })
}
