import { phaseOf, type RetryPolicy } from 'callstate'
import type { EmulatedCall } from '../call.ts'
import type { Engine } from '../provider-api.ts'
import type { Account } from './account.ts'
import type { Contact } from './contacts.ts'

/** One call, and what its request said that the engine need not know. */
export interface DialgenCall {
  readonly call: EmulatedCall
  readonly contact: Contact
  readonly agentId: string
  /** Null for a call that was dialed singly. */
  readonly batchId: string | null
  /** Where its end is told; null for the default. */
  readonly callbackUrl: string | null
  /** Whether the end of each attempt is told, or that of the last one alone. */
  readonly isEveryEndTold: boolean
}

/** What a request says of one call. */
export interface NewCall {
  readonly contact: Contact
  readonly agentId: string
  readonly batchId: string | null
  readonly callbackUrl: string | null
  readonly metadata: Readonly<Record<string, unknown>>
  readonly policy: RetryPolicy | null
  readonly start: 'queued' | 'prepared'
}

/** The calls of the account. */
export interface Calls {
  create(request: NewCall): DialgenCall
  get(id: string): DialgenCall | undefined
  of(call: EmulatedCall): DialgenCall
  /** The call that goes on with this contact, if there is one. */
  inProgressWith(contact: Contact): DialgenCall | undefined
}

/** What the calls stand on. */
export interface CallsOptions {
  readonly engine: Engine
  readonly account: Account
  readonly isEveryEndTold: boolean
  /** Identifiers of the first calls. */
  readonly callIds: readonly string[]
}

export function createCalls(options: CallsOptions): Calls {
  const { engine, account, isEveryEndTold, callIds } = options
  const byId = new Map<string, DialgenCall>()
  const openWith = new Map<Contact, readonly DialgenCall[]>()
  const keep = (call: EmulatedCall, request: NewCall) => {
    const { contact, agentId, batchId, callbackUrl } = request
    const dialed = { call, contact, agentId, batchId, callbackUrl, isEveryEndTold }
    byId.set(call.id, dialed)
    openWith.set(contact, [...open(contact), dialed])
  }
  const open = (contact: Contact) =>
    (openWith.get(contact) ?? []).filter(({ call }) => !call.isSettled)
  const of = (call: EmulatedCall): DialgenCall => {
    const dialed = byId.get(call.id)
    if (dialed === undefined) throw new Error('a call was not placed by this side')
    return dialed
  }
  return {
    of,
    get: (id) => byId.get(id),
    inProgressWith: (contact) => open(contact).find(isInProgress),
    create(request) {
      const { contact, metadata, policy, start } = request
      const call = engine.place({
        id: (random) => callIds[engine.calls().length] ?? `call_${random.hex(24)}`,
        direction: 'outbound',
        destination: contact.phoneNumber,
        metadata,
        policy,
        start,
        isFunded: account.isFunded,
        onPlaced: (placed) => keep(placed, request),
      })
      return of(call)
    },
  }
}

/**
 * Our reading: a call that was dialed singly goes on from the request, whose answer says `ONGOING`, and
 * one of a batch while it is dialed. One that waits in a batch does not.
 */
function isInProgress({ call, batchId }: DialgenCall): boolean {
  const phase = phaseOf(call.status)
  return phase !== 'ended' && (batchId === null || phase !== 'waiting')
}
