import { isTerminal } from 'callstate'
import { dialgen } from 'callstate/providers/dialgen'
import { Hono } from 'hono'
import * as z from 'zod'
import { hasApiKey } from '../api-key.ts'
import { E164 } from '../e164.ts'
import { EmulatorError } from '../error.ts'
import type { Fate } from '../fate.ts'
import { PERSON_NUMBER } from '../numbers.ts'
import type { Engine, Message, ProviderSide, SharedOptions } from '../provider-api.ts'
import { createRateLimit } from '../rate-limit.ts'
import { checkSideOptions } from '../side-options.ts'
import { createAccount, DEFAULT_MINUTES } from './account.ts'
import type { Batch } from './batch.ts'
import { createBatches } from './batches.ts'
import { addBatchesApi } from './batches-api.ts'
import { createCalls } from './calls.ts'
import { addCallsApi } from './calls-api.ts'
import { createContacts } from './contacts.ts'
import { conversationOf } from './conversation.ts'
import { dataMessageOf, eventMessageOf } from './record.ts'
import { refuse, TOO_MANY_REQUESTS, UNAUTHORIZED } from './reply.ts'

/** How the emulated Dialgen behaves; everything is optional. */
export interface DialgenOptions {
  /**
   * Which of the two documented shapes the webhook of a call has. `data` (the default) is that of the
   * page on webhooks, whose receivers read it, and of the page on dialing: `{ success, callData }`.
   * `event` is that of the page on the status of calls, and has no time:
   * `{ event: 'call.completed', callId, status }`.
   */
  readonly webhookShape?: 'data' | 'event'
  /**
   * Whether each attempt of a batch's call tells its end, under the one identifier: `MISSED`, and
   * `COMPLETED` later. False by default: then only the last one does, and the call is `SCHEDULED`
   * between two. No document says which; Dialgen's own receiver takes one webhook for each identifier.
   */
  readonly tellsEveryAttempt?: boolean
  /** The account's agents. Left out, every identifier is an agent. */
  readonly agents?: readonly string[]
  /** The user to whom the keys belong; others are refused with 403. Left out, everybody may. */
  readonly userId?: string
  /** Call minutes of the account; `DEFAULT_MINUTES` by default. Without any, calls end with `INSUFFICIENT_CREDITS`. */
  readonly minutes?: number
  /** Requests in a minute before 429; no limit by default, since none is documented. */
  readonly requestsPerMinute?: number
  /** Identifiers of the first calls, so that examples which name one work as they stand. */
  readonly callIds?: readonly string[]
}

/**
 * What a Dialgen call can show. Left out is what it has no word for (canceled, stopped, failed inside),
 * what it does not do (put calls off by calling hours), and a rejected call that ends as completed:
 * `MISSED` is documented for calls that were not answered.
 */
const DIALGEN_FATES: readonly Fate[] = [
  'answered',
  'voicemail',
  'busy',
  'no-answer',
  'failed',
  'balance-low',
  'retried',
  'late-completed',
]

/** The agent of a call that no request placed. */
const ANY_AGENT = 'agent_1'

/** The emulated Dialgen. Throws `invalid-option` where an option is none. */
export function createDialgenSide(
  engine: Engine,
  shared: SharedOptions,
  own: DialgenOptions,
): ProviderSide {
  checkSideOptions(dialgen.name, optionsSchema, own)
  const { webhookShape = 'data', tellsEveryAttempt = false, callIds = [] } = own
  const routes = new Hono()
  guard(routes, engine, shared, own.requestsPerMinute ?? null)
  const messageOf = (url: string, content: unknown, isFinal: boolean): Message => {
    return { url, body: JSON.stringify(content), isFinal }
  }
  const account = createAccount(own.minutes ?? DEFAULT_MINUTES)
  const contacts = createContacts(engine)
  const calls = createCalls({ engine, account, isEveryEndTold: tellsEveryAttempt, callIds })
  const send = (batch: Batch, url: string | undefined, content: unknown) => {
    if (url !== undefined) engine.send(`batch ${batch.id}`, messageOf(url, content, true))
  }
  const batches = createBatches({ engine, account, contacts, calls, send })
  const isAgent = (id: string) => own.agents?.includes(id) !== false
  const isOwner = (userId: string) => own.userId === undefined || own.userId === userId
  addCallsApi(routes, { engine, account, contacts, calls, isAgent, isOwner })
  addBatchesApi(routes, { engine, account, batches, isAgent, isOwner })

  return {
    name: dialgen.name,
    routes,
    paths: ['api'],
    fates: DIALGEN_FATES,
    messagesOf(call) {
      account.charge(call)
      const dialed = calls.of(call)
      batches.noteChange(dialed)
      const url = dialed.callbackUrl ?? shared.webhookUrl
      // Webhooks tell ends alone (stated), and none is documented for calls that a batch's end takes out.
      const isTold = call.isSettled || (tellsEveryAttempt && isTerminal(call.status))
      if (url === null || !isTold || call.status === 'canceled') return []
      const content = webhookShape === 'data' ? dataMessageOf(dialed) : eventMessageOf(dialed)
      return [messageOf(url, content, call.isSettled)]
    },
    // Dialgen bills minutes in its own time and tells no call's cost.
    dataOf(call) {
      return { amount: null, hasExtraction: conversationOf(calls.of(call)).metricJson !== null }
    },
    place({ to = PERSON_NUMBER, metadata = {}, retryPolicy = null }) {
      if (retryPolicy !== null) {
        const message = 'retryPolicy: the request of a batch says it, as retryStrategy'
        throw new EmulatorError('invalid-option', message)
      }
      if (!E164.test(to)) {
        throw new EmulatorError('invalid-option', 'to: expected a phone number in E.164 format')
      }
      const { call } = calls.create({
        contact: contacts.resolve({ phoneNumber: to }),
        agentId: own.agents?.[0] ?? ANY_AGENT,
        batchId: null,
        callbackUrl: null,
        metadata,
        policy: null,
        start: 'queued',
      })
      return call
    },
    // No document says how anybody hears of an inbound call, so that none is taken in.
  }
}

const optionsSchema = z.strictObject({
  webhookShape: z.enum(['data', 'event']).optional(),
  tellsEveryAttempt: z.boolean().optional(),
  agents: z.array(z.string().min(1)).optional(),
  userId: z.string().min(1).optional(),
  minutes: z.number().min(0).optional(),
  requestsPerMinute: z.int().positive().optional(),
  callIds: z
    .array(z.string().min(1))
    .refine((ids) => new Set(ids).size === ids.length, 'must differ from each other')
    .optional(),
})

/** Who has no key is refused, and who asks too often, all requests taken together. */
function guard(
  routes: Hono,
  engine: Engine,
  { apiKeys, hasRateLimits }: SharedOptions,
  requestsPerMinute: number | null,
): void {
  const hasRoom = createRateLimit(engine.now, () => requestsPerMinute ?? Number.POSITIVE_INFINITY)
  routes.use('*', async (c, next) => {
    if (!hasApiKey(c, apiKeys)) return refuse(c, UNAUTHORIZED)
    if (hasRateLimits && !hasRoom('request')) return refuse(c, TOO_MANY_REQUESTS)
    return next()
  })
}
