import {
  type Call,
  EMPTY_CALL,
  isCallStatus,
  isTerminal,
  observe,
  outcome,
  parseStatus,
} from 'callstate'
import {
  applyEvent,
  type CallMachineInput,
  type CallRejectionReason,
  snapshotAt,
} from 'callstate/machine'
import { eventItemOf, shownCall, shownWord } from '../call-detail.ts'
import { type BoardCall, boardCallOf, conflictsIn, type Edge } from '../call-row.ts'
import type { CallDetail, EventItem } from '../wire.ts'
import { type CallChart, callChartOf } from './call-chart.ts'
import type { Definition, ReceivedEvent, ReceivedSnapshot } from './inspection-message.ts'

/** An XState actor that was attached, as a call. */
export interface InspectedActor {
  /** How many events are kept. */
  readonly kept: number
  /** Takes in that an event was sent to it. */
  hear(event: ReceivedEvent, now: number): void
  /** Takes in the snapshot that it has now. */
  stand(snapshot: ReceivedSnapshot, event: ReceivedEvent, now: number): void
  board(): BoardCall
  detail(limit: number): CallDetail
  payload(sequence: number): { readonly payload: unknown } | null
}

/** What an actor is made of. */
export interface InspectedActorOptions {
  /** Names it in the page. */
  readonly key: string
  /** Its name, for people. */
  readonly id: string
  readonly definition: Definition | null
  /** Events that are kept, the latest. */
  readonly events: number
  readonly snapshot: ReceivedSnapshot
  readonly now: number
}

/** How the page files actors whose machine is `callMachine`, and all the others. */
export const ACTOR_PROVIDERS = [
  { name: 'call', title: 'callMachine' },
  { name: 'other', title: 'Other machines' },
] as const

interface Kept {
  readonly item: EventItem
  readonly payload: unknown
  /** The call and its contradictions before the event, with which a refusal that proves wrong is taken back. */
  readonly before: Call
  readonly conflictsBefore: readonly Edge[]
}

/**
 * Makes an actor that was just announced. Its machine decides what moves it; what it refused, which the
 * protocol does not tell, is found by applying each event to the snapshot before, and the snapshot that
 * follows has the last word.
 */
export function createInspectedActor(options: InspectedActorOptions): InspectedActor {
  const { key, id, definition } = options
  const chart = callChartOf(definition)
  const isCall = chart !== null
  const lifecycle = { provider: chart?.provider }
  const firstReceivedAt = options.now
  let kept: Kept[] = []
  let total = 0
  let refused = 0
  let call = EMPTY_CALL
  let conflicts: readonly Edge[] = []
  let snapshot = options.snapshot
  let lastReceivedAt = options.now

  /** The announcement of XState carries a later snapshot than the first, which its first event shows. */
  function begin(first: ReceivedSnapshot, payload: unknown, now: number): void {
    kept = []
    total = 0
    refused = 0
    call = EMPTY_CALL
    conflicts = []
    snapshot = first
    const type = isCall ? statusOf(first) : 'started'
    keep({ type, occurredAt: timeIn(first.context) ?? now }, payload, null, now)
  }

  function keep(
    said: { readonly type: string; readonly occurredAt: number },
    payload: unknown,
    refusal: Refusal | null,
    now: number,
  ): void {
    const { type, occurredAt } = said
    const status = isCall ? parseStatus(type).status : null
    const event = { status, word: type, occurredAt, attempt: attemptOf(snapshot) }
    const before = call
    const conflictsBefore = conflicts
    const observed = observe(before, event, lifecycle)
    if (isCall && refusal === null) {
      call = observed.call
      conflicts = [...conflicts, ...conflictsIn([observed.decision])]
    }
    if (refusal !== null) refused++
    total++
    lastReceivedAt = now
    const { decision } = observed
    const heard = { sequence: total, receivedAt: now, event, kind: 'actor', decision }
    const item = eventItemOf({ ...heard, hasPayload: true })
    const message = messageOf(type, item, refusal)
    const shown = { ...item, message, ...(refusal && { refused: refusal }) }
    kept.push({ item: shown, payload, before, conflictsBefore })
    if (kept.length > options.events) kept.shift()
  }

  /** Tells the latest event anew, with what its snapshot showed. */
  function correct(last: Kept, refusal: Refusal | null, now: number): void {
    const { item, payload, before, conflictsBefore } = last
    kept.pop()
    total--
    if (item.refused !== undefined) refused--
    call = before
    conflicts = conflictsBefore
    const { word: type = '', occurredAt = null } = item.event ?? {}
    keep({ type, occurredAt: occurredAt ?? now }, payload, refusal, now)
  }

  function messageOf(type: string, item: EventItem, refusal: Refusal | null): string {
    if (refusal !== null) return REFUSALS[refusal]
    return isCall ? item.message : type
  }

  begin(snapshot, { definition: definition?.chart ?? null }, options.now)

  function board(): BoardCall {
    const status = isCall && isCallStatus(snapshot.value) ? snapshot.value : null
    const known = {
      provider: ACTOR_PROVIDERS[isCall ? 0 : 1].name,
      callId: isCall ? id : `${id} · ${stateText(snapshot)}`,
      status,
      attempt: attemptOf(snapshot),
      outcome: outcome(call),
      knowledge: call,
      conflicts,
      settled: status === null ? snapshot.status !== 'active' : isTerminal(status),
      dueAt: null,
      dataDueAt: null,
      events: total,
      firstReceivedAt,
      lastReceivedAt,
    }
    const { row, edges } = boardCallOf(known, lifecycle)
    const findings = row.findings + refused
    return { row: { ...row, key, findings }, edges }
  }

  return {
    get kept() {
      return kept.length
    },
    board,
    hear(event, now) {
      if (event.type === INIT) return
      const occurredAt = timeIn(event) ?? now
      keep({ type: event.type, occurredAt }, event, chart && refusalOf(chart, snapshot, event), now)
      if (!isCall || kept.at(-1)?.item.refused !== undefined) return
      // Until its snapshot comes, which is at once, the actor stands where the event leads.
      const context = { ...snapshot.context, occurredAt: timeIn(event) }
      snapshot = { ...snapshot, value: event.type, context }
    },
    stand(next, event, now) {
      if (event.type === INIT) {
        begin(next, { definition: definition?.chart ?? null, event }, now)
        return
      }
      const before = snapshot
      snapshot = next
      lastReceivedAt = now
      const last = kept.at(-1)
      if (!isCall || last === undefined || before.value === next.value) return
      // Guards that were exchanged, or a feed that does not ask the machine.
      const isOfLast = last.item.event?.word === event.type && total > 1
      if (isOfLast && event.type === next.value) correct(last, null, now)
      else if (isOfLast && last.item.refused === undefined) correct(last, 'guard', now)
      else keep({ type: statusOf(next), occurredAt: timeIn(next.context) ?? now }, {}, null, now)
    },
    detail(limit) {
      const latest = kept.slice(-limit)
      const [first] = latest
      return {
        row: board().row,
        events: latest.map(({ item }) => item),
        total,
        ...(chart?.provider && { lifecycle: chart.provider }),
        ...(first !== undefined && total > latest.length && { before: shownCall(first.before) }),
      }
    },
    payload(sequence) {
      const found = kept.find(({ item }) => item.sequence === sequence)
      return found === undefined ? null : { payload: found.payload }
    },
  }
}

/** XState's event with which every actor begins. */
const INIT = 'xstate.init'

/** Why the machine refused an event. */
type Refusal = CallRejectionReason

const REFUSALS = {
  'unrecognized-status': 'it is no status of the table',
  'same-status': 'it is the status already',
  'already-ended': 'the attempt has ended',
  'skips-ahead': 'other statuses come first',
  'goes-back': 'the attempt has passed it',
  'no-path': 'no legal path holds it together with the status',
  'provider-lacks': 'the provider has no word for it',
  'guardrails-not-configured':
    'nothing but calling guardrails puts a call off, and none are configured',
  'not-outbound': 'an inbound call does not wait',
  'older-than-state': 'it is older than the status',
  guard: 'a guard of the machine does not let it pass',
} as const satisfies Record<Refusal, string>

/** Why a call's machine refuses an event at a snapshot; null where it does not, or nobody can tell. */
function refusalOf(
  { provider, machine }: CallChart,
  { value, context }: ReceivedSnapshot,
  event: ReceivedEvent,
): Refusal | null {
  if (!isCallStatus(value) || provider?.lacks?.includes(value)) return null
  const { type } = event
  const applied = applyEvent(snapshotAt(value, inputOf(context), machine), {
    type,
    occurredAt: timeIn(event),
  })
  return applied.ok ? null : applied.rejection.reason
}

function inputOf(context: Readonly<Record<string, unknown>>): CallMachineInput {
  return {
    direction: context['direction'] === 'inbound' ? 'inbound' : 'outbound',
    guardrailsConfigured: context['guardrailsConfigured'] === true,
    occurredAt: timeIn(context),
  }
}

function attemptOf({ context }: ReceivedSnapshot): number {
  const attempt = context['attempt']
  return Number.isSafeInteger(attempt) && Number(attempt) >= 1 ? Number(attempt) : 1
}

function timeIn(fields: Readonly<Record<string, unknown>>): number | null {
  const at = fields['occurredAt']
  return typeof at === 'number' && Number.isFinite(at) ? at : null
}

function statusOf({ value }: ReceivedSnapshot): string {
  return value ?? ''
}

function stateText({ status, value }: ReceivedSnapshot): string {
  return value ?? shownWord(status)
}
