import type { Context, Hono } from 'hono'
import * as z from 'zod'
import { E164 } from '../e164.ts'
import { jsonBodyOf } from '../json-body.ts'
import type { Engine } from '../provider-api.ts'
import type { Account } from './account.ts'
import type { Calls, DialgenCall } from './calls.ts'
import type { Contacts } from './contacts.ts'
import { isLive } from './live.ts'
import { dataMessageOf, liveStatusOf, persistentStatusOf } from './record.ts'
import {
  AGENT_NOT_FOUND,
  callInProgress,
  checkedBy,
  FORBIDDEN,
  insufficientCredits,
  NOT_FOUND,
  refuse,
} from './reply.ts'
import { isEnd, wordOf } from './status.ts'

/** Text that must be there. */
const required = z.string('is required').min(1, 'is required')

const dialSchema = z.object({
  to: z.string('is required').regex(E164, 'must be a phone number in E.164 format'),
  agentConfigId: required,
  userId: required,
  contactId: z.string('must be text').min(1, 'must not be empty').nullish(),
  callerDetails: z
    .object({
      name: z.string('must be text').nullish(),
      email: z.email('must be an email address').nullish(),
      company: z.string('must be text').nullish(),
      metadata: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
  statusCallBackUrl: z.url('must be a URL').nullish(),
})

const callSchema = z.object({ callId: required })
const metricsSchema = z.object({
  callId: required,
  userId: required,
  agentId: required,
  contactId: required,
})

/** What the calls' routes stand on. */
export interface CallsApiOptions {
  readonly engine: Engine
  readonly account: Account
  readonly contacts: Contacts
  readonly calls: Calls
  readonly isAgent: (id: string) => boolean
  readonly isOwner: (userId: string) => boolean
}

/**
 * `POST /api/v1/call/dial`, and what tells of calls. Source:
 * https://docs.dialgen.ai/api-reference, its pages on single calls.
 */
export function addCallsApi(routes: Hono, options: CallsApiOptions): void {
  const { engine, account, contacts, calls, isAgent, isOwner } = options

  routes.post('/api/v1/call/dial', async (c) => {
    const body = checkedBy(dialSchema, await jsonBodyOf(c))
    if (!body.ok) return refuse(c, body.refusal)
    const { to, agentConfigId, userId, contactId, callerDetails, statusCallBackUrl } = body.value
    if (!isOwner(userId)) return refuse(c, FORBIDDEN)
    if (!isAgent(agentConfigId)) return refuse(c, AGENT_NOT_FOUND)
    if (!account.isFunded()) return refuse(c, insufficientCredits(account.minutesLeft()))
    const details = {
      id: contactId ?? undefined,
      phoneNumber: to,
      name: callerDetails?.name ?? undefined,
    }
    const known = contacts.find(details)
    const current = known && calls.inProgressWith(known)
    if (current !== undefined) return refuse(c, callInProgress(current.call.id))
    // A request that is refused changes nothing.
    const contact = contacts.resolve(details)
    const { call } = calls.create({
      contact,
      agentId: agentConfigId,
      batchId: null,
      callbackUrl: statusCallBackUrl ?? null,
      metadata: callerDetails?.metadata ?? {},
      // Only the calls of a batch have a retry strategy.
      policy: null,
      start: 'queued',
    })
    // Stated: the answer says `ONGOING` at once, whatever the live status says.
    return c.json({
      message: 'Call initiated successfully',
      callId: call.id,
      contactId: contact.id,
      status: 'ONGOING',
    })
  })

  const told = (
    c: Context,
    tell: (dialed: DialgenCall) => unknown,
    isThere = (_: DialgenCall) => true,
  ) => {
    const query = checkedBy(callSchema, c.req.query())
    if (!query.ok) return refuse(c, query.refusal)
    const dialed = calls.get(query.value.callId)
    if (dialed === undefined || !isThere(dialed)) return refuse(c, NOT_FOUND)
    return c.json(tell(dialed))
  }
  routes.get('/api/v1/status/call', (c) =>
    told(c, liveStatusOf, ({ call }) => isLive(call.createdAt, engine.now())),
  )
  // That it answers from the start, and not only once the live status is gone, is our reading.
  routes.get('/api/v1/call/check-status', (c) => told(c, persistentStatusOf))
  routes.get('/api/v1/call/get-metric', (c) => {
    const query = checkedBy(metricsSchema, c.req.query())
    if (!query.ok) return refuse(c, query.refusal)
    const { userId, agentId, contactId } = query.value
    if (!isOwner(userId)) return refuse(c, FORBIDDEN)
    // Metrics are there "after a call has completed": 404 before that is our reading.
    return told(
      c,
      dataMessageOf,
      (dialed) =>
        dialed.agentId === agentId && dialed.contact.id === contactId && isEnd(wordOf(dialed)),
    )
  })
}
