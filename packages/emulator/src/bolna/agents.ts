import { bolnaGuardrailsSchema } from 'callstate/internal/providers/bolna'
import type { BolnaGuardrails } from 'callstate/providers/bolna'
import type { Hono } from 'hono'
import * as z from 'zod'
import { jsonBodyOf } from '../json-body.ts'
import type { Engine } from '../provider-api.ts'
import { checkedBy, refuse } from './reply.ts'

/** An agent, as far as its calls depend on it. */
export interface BolnaAgent {
  readonly id: string
  /** Where the webhooks of its calls go; null for the default. */
  readonly webhookUrl: string | null
  /** The hours in which it calls; null for any. */
  readonly guardrails: BolnaGuardrails | null
}

/** An agent that is there from the start. */
export interface BolnaAgentOptions {
  readonly id: string
  readonly webhookUrl?: string
  readonly guardrails?: BolnaGuardrails
}

/** The agents of the account. */
export interface Agents {
  get(id: string): BolnaAgent | undefined
  /** An agent for a call that names none. */
  any(): BolnaAgent
}

const configSchema = z.looseObject({
  webhook_url: z.string().nullish(),
  calling_guardrails: bolnaGuardrailsSchema.nullish(),
})
const agentSchema = z.looseObject({ agent_config: configSchema })

const ANY_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/**
 * The agents, and the routes that make and change them. Where the options name agents, there are no
 * others than those and what the API made; otherwise any UUID is an agent, so that a client needs no
 * preparation. What an agent says and with which voice is taken and has no effect.
 */
export function createAgents(
  engine: Engine,
  given: readonly BolnaAgentOptions[] | undefined,
  routes: Hono,
): Agents {
  const known = new Map<string, BolnaAgent>()
  const configs = new Map<string, Record<string, unknown>>()
  for (const { id, webhookUrl = null, guardrails = null } of given ?? []) {
    known.set(id, { id, webhookUrl, guardrails })
  }
  const agents: Agents = {
    get(id) {
      const agent = known.get(id)
      if (agent !== undefined || given !== undefined || !ANY_ID.test(id)) return agent
      return { id, webhookUrl: null, guardrails: null }
    },
    any() {
      const [first] = known.values()
      return first ?? { id: engine.random('agent').uuid(), webhookUrl: null, guardrails: null }
    },
  }
  const keep = (id: string, config: z.output<typeof configSchema>) => {
    const before = agents.get(id)
    configs.set(id, { ...configs.get(id), ...config })
    known.set(id, {
      id,
      webhookUrl:
        config.webhook_url === undefined ? (before?.webhookUrl ?? null) : config.webhook_url,
      guardrails:
        config.calling_guardrails === undefined
          ? (before?.guardrails ?? null)
          : config.calling_guardrails,
    })
  }
  const missing = { status: 404, message: 'Agent not found' } as const

  routes.post('/v2/agent', async (c) => {
    const body = checkedBy(agentSchema, await jsonBodyOf(c))
    if (!body.ok) return refuse(c, body.refusal)
    const id = engine.random('new agent', known.size).uuid()
    keep(id, body.value.agent_config)
    return c.json({ agent_id: id, state: 'created' }, 201)
  })
  routes.on(['PUT', 'PATCH'], '/v2/agent/:id', async (c) => {
    const id = c.req.param('id') ?? ''
    if (agents.get(id) === undefined) return refuse(c, missing)
    const body = checkedBy(agentSchema, await jsonBodyOf(c))
    if (!body.ok) return refuse(c, body.refusal)
    keep(id, body.value.agent_config)
    return c.json({ message: 'success', state: 'updated' })
  })
  routes.get('/v2/agent/:id', (c) => {
    const agent = agents.get(c.req.param('id'))
    if (agent === undefined) return refuse(c, missing)
    const { id, webhookUrl, guardrails } = agent
    return c.json({
      ...configs.get(id),
      id,
      webhook_url: webhookUrl,
      calling_guardrails: guardrails,
    })
  })
  return agents
}
