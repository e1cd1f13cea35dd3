import { bolnaRetryPolicy, nextAllowedAt } from 'callstate/providers/bolna'
import type { EmulatedCall } from '../call.ts'
import { AGENT_NUMBER } from '../numbers.ts'
import type { Engine, PlaceRequest } from '../provider-api.ts'
import type { Account } from './account.ts'
import type { BolnaAgent } from './agents.ts'
import type { Carrier, Execution } from './execution.ts'
import type { RetryConfig } from './retry-config.ts'

/** Two of three calls go over Plivo. Our reading; most records that were seen did. */
const PLIVO_SHARE = 2 / 3

/** What a request says of one execution. */
export interface NewExecution {
  readonly agent: BolnaAgent
  readonly phoneNumber: string
  readonly direction: 'inbound' | 'outbound'
  readonly agentNumber?: string | undefined
  readonly batchId?: string
  readonly userData: Readonly<Record<string, unknown>> | null
  /** For the rules of the scenario, where that is more than the user's data. */
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly retryConfig: RetryConfig | null
  readonly start: PlaceRequest['start']
  readonly scheduledFor?: number
  /** Asked at the time of dialing. */
  readonly bypassesGuardrails: () => boolean
}

/** The executions of the account. */
export interface Executions {
  create(request: NewExecution): Execution
  get(id: string): Execution | undefined
  of(call: EmulatedCall): Execution
  /** The first one first. */
  all(): readonly Execution[]
}

/** What the executions stand on. */
export interface ExecutionsOptions {
  readonly engine: Engine
  readonly account: Account
  /** The agent as it is now. */
  readonly agent: (id: string) => BolnaAgent | undefined
  readonly timeZoneOf: (phoneNumber: string) => string
}

export function createExecutions(options: ExecutionsOptions): Executions {
  const { engine, account } = options
  const byId = new Map<string, Execution>()
  const keep = (call: EmulatedCall, request: NewExecution) => {
    const carrier: Carrier = call.random('carrier').chance(PLIVO_SHARE) ? 'plivo' : 'twilio'
    byId.set(call.id, {
      call,
      agentId: request.agent.id,
      batchId: request.batchId ?? null,
      agentNumber: request.agentNumber ?? AGENT_NUMBER,
      carrier,
      userData: request.userData,
      retryConfig: request.retryConfig,
      extractedAt: null,
      correction: null,
    })
  }
  const of = (call: EmulatedCall): Execution => {
    const execution = byId.get(call.id)
    if (execution === undefined) throw new Error('a call was not placed by this side')
    return execution
  }
  return {
    of,
    get: (id) => byId.get(id),
    all: () => engine.calls().map(of),
    create(request) {
      const { agent, phoneNumber, direction, userData, retryConfig, start, scheduledFor } = request
      const allowedAt = (time: number) => {
        const guardrails = options.agent(agent.id)?.guardrails ?? null
        if (guardrails === null || request.bypassesGuardrails()) return time
        return nextAllowedAt(guardrails, time, options.timeZoneOf(phoneNumber))
      }
      const call = engine.place({
        id: (random) => random.uuid(),
        direction,
        destination: phoneNumber,
        metadata: request.metadata ?? userData ?? {},
        policy: retryConfig === null ? null : bolnaRetryPolicy(retryConfig),
        start,
        ...(scheduledFor === undefined ? {} : { scheduledFor }),
        allowedAt,
        isFunded: account.isFunded,
        onPlaced: (placed) => keep(placed, request),
      })
      return of(call)
    },
  }
}
