import { BOLNA_API_LIMITS, bolnaGuardrailsSchema } from 'callstate/internal/providers/bolna'
import { bolna } from 'callstate/providers/bolna'
import { Hono } from 'hono'
import * as z from 'zod'
import { hasApiKey } from '../api-key.ts'
import { E164 } from '../e164.ts'
import { EmulatorError } from '../error.ts'
import { FATES } from '../fate.ts'
import { PERSON_NUMBER } from '../numbers.ts'
import type { Engine, Message, ProviderSide, SharedOptions } from '../provider-api.ts'
import { createRateLimit } from '../rate-limit.ts'
import { checkSideOptions } from '../side-options.ts'
import { createAccount, DEFAULT_WALLET } from './account.ts'
import { type BolnaAgentOptions, createAgents } from './agents.ts'
import { createBatches } from './batches.ts'
import { addBatchesApi } from './batches-api.ts'
import { addCallsApi } from './calls-api.ts'
import { extractionLagMs } from './conversation.ts'
import type { Execution } from './execution.ts'
import { createExecutions } from './executions.ts'
import { addListApi } from './list-api.ts'
import { timeZoneOf } from './phone-number.ts'
import { recordOf } from './record.ts'
import { createRecordedCosts } from './recorded-costs.ts'
import { refuse } from './reply.ts'

/** How the emulated Bolna behaves; everything is optional. */
export interface BolnaOptions {
  /** The account's agents. Left out, every UUID is an agent. */
  readonly agents?: readonly BolnaAgentOptions[]
  /** Dollars in the wallet; `DEFAULT_WALLET` by default. Once it is empty, calls end with `balance-low`. */
  readonly wallet?: number
  /** The recipient's time zone, for the calling hours; by the country code by default. */
  readonly timeZoneOf?: (phoneNumber: string) => string
}

/** The emulated Bolna. Throws `invalid-option` where an option is none. */
export function createBolnaSide(
  engine: Engine,
  shared: SharedOptions,
  own: BolnaOptions,
): ProviderSide {
  checkSideOptions(bolna.name, optionsSchema, own)
  const routes = new Hono()
  guard(routes, engine, shared)
  const account = createAccount(engine, own.wallet ?? DEFAULT_WALLET, routes)
  const agents = createAgents(engine, own.agents, routes)
  const executions = createExecutions({
    engine,
    account,
    agent: agents.get,
    timeZoneOf: own.timeZoneOf ?? timeZoneOf,
  })
  const batches = createBatches(engine, executions)
  addCallsApi(routes, { engine, agents, executions })
  addListApi(routes, agents, executions)
  addBatchesApi(routes, { engine, agents, batches })

  const messagesOf = (
    execution: Execution,
    record = recordOf(execution),
    isFinal = execution.call.isSettled,
  ): readonly Message[] => {
    const url = agents.get(execution.agentId)?.webhookUrl ?? shared.webhookUrl
    return url === null ? [] : [{ url, body: JSON.stringify(record), isFinal }]
  }
  // Observed: where the extraction comes later, a second `completed` brings it.
  const extract = (execution: Execution) => {
    const completedAt = engine.now()
    const lagMs = extractionLagMs(execution)
    execution.extractedAt = lagMs === 0 ? completedAt : null
    if (lagMs === 0) return
    engine.at(completedAt + lagMs, () => {
      execution.extractedAt = completedAt + lagMs
      engine.noteExtraction(execution.call)
      for (const message of messagesOf(execution)) engine.tell(execution.call, message)
    })
  }

  return {
    name: bolna.name,
    routes,
    paths: ['call', 'executions', 'batches', 'v2', 'user'],
    fates: FATES,
    messagesOf(call) {
      account.charge(call)
      const execution = executions.of(call)
      batches.noteChange(execution)
      if (call.status === 'completed') extract(execution)
      return messagesOf(execution)
    },
    ...createRecordedCosts({ engine, account, executions, messagesOf }),
    place({ to = PERSON_NUMBER, metadata = null, retryPolicy = null }) {
      if (retryPolicy !== null) {
        throw new EmulatorError(
          'invalid-option',
          'retryPolicy: POST /call says it, as retry_config',
        )
      }
      if (!E164.test(to)) throw new EmulatorError('invalid-option', expectedNumber('to'))
      const { call } = executions.create({
        agent: agents.any(),
        phoneNumber: to,
        direction: 'outbound',
        userData: metadata,
        retryConfig: null,
        start: 'queued',
        bypassesGuardrails: () => false,
      })
      return call
    },
    receive({ from, agentId, metadata = {} }) {
      const agent = agentId === undefined ? agents.any() : agents.get(agentId)
      if (agent === undefined) {
        throw new EmulatorError('invalid-option', 'agentId: expected an agent of the account')
      }
      if (!E164.test(from)) throw new EmulatorError('invalid-option', expectedNumber('from'))
      const { call } = executions.create({
        agent,
        phoneNumber: from,
        direction: 'inbound',
        userData: null,
        metadata,
        retryConfig: null,
        start: 'queued',
        bypassesGuardrails: () => true,
      })
      return call
    },
  }
}

const expectedNumber = (option: string) => `${option}: expected a phone number in E.164 format`

const optionsSchema = z.strictObject({
  agents: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        webhookUrl: z.url().optional(),
        guardrails: bolnaGuardrailsSchema.optional(),
      }),
    )
    .optional(),
  wallet: z.number().optional(),
  timeZoneOf: z.unknown().optional(),
})

/** Who has no key is refused, and who asks too often. Source: Bolna's pages on errors and on rate limits. */
function guard(routes: Hono, engine: Engine, { apiKeys, hasRateLimits }: SharedOptions): void {
  const hasRoom = createRateLimit(engine.now, (kind) =>
    kind === 'other' ? BOLNA_API_LIMITS.otherRequestsPerMinute : BOLNA_API_LIMITS.requestsPerMinute,
  )
  routes.use('*', async (c, next) => {
    if (!hasApiKey(c, apiKeys)) return refuse(c, { status: 401, message: 'Access denied' })
    if (hasRateLimits && !hasRoom(kindOf(c.req.path))) {
      return refuse(c, { status: 429, message: 'Rate limit exceeded' })
    }
    return next()
  })
}

/** The endpoints that have a limit of their own. */
function kindOf(path: string): string {
  if (/\/call$/.test(path)) return 'call'
  if (/\/v2\/agent\/[^/]+$/.test(path)) return 'agent'
  return /\/v2\/agent\/[^/]+\/executions$/.test(path) ? 'agent executions' : 'other'
}
