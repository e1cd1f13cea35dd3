import { and, type SnapshotFrom, setup, stateIn } from 'xstate'
import {
  CALL_STATUSES,
  type CallStatus,
  type Direction,
  LIFECYCLE,
  type Move,
  type Phase,
  type StatusClass,
  type StatusGroup,
} from '../lifecycle.ts'
import { isTerminal } from '../status.ts'
import { timeOf } from './provider-time.ts'
import { type CallRejection, MOVE_GUARDS, moveGuard, rejectionOf } from './rejection.ts'
import { STATUS_DESCRIPTIONS } from './status-descriptions.ts'

/** What `callMachine` may be told at its start; everything is optional. */
export interface CallMachineInput {
  /** Who placed the call; `outbound` by default. */
  readonly direction?: Direction
  /** Whether calling guardrails, such as allowed hours, are configured; false by default. */
  readonly guardrailsConfigured?: boolean
  /** Number of the attempt, 1 (the default) for the first. */
  readonly attempt?: number
  /** The provider's time of the status at the start, in milliseconds since 1970; null by default. */
  readonly occurredAt?: number | null
}

/** What the machine keeps beside the status. Plain data. */
export interface CallMachineContext {
  readonly direction: Direction
  readonly guardrailsConfigured: boolean
  readonly attempt: number
  /** The provider's time of the current status, in milliseconds since 1970; null where unknown. */
  readonly occurredAt: number | null
}

/** An event of `callMachine`: the attempt takes on the status that is the event's type. */
export type CallMachineEvent = {
  [Status in CallStatus]: {
    readonly type: Status
    /** The provider's time in milliseconds since 1970; left out or null where unknown. */
    readonly occurredAt?: number | null
  }
}[CallStatus]

/** A tag of a state: its class, phase or group. */
export type CallTag = StatusClass | Phase | StatusGroup

/** The context at the start. A time that is no number counts as unknown. Pure. */
export function contextOf(input: CallMachineInput = {}): CallMachineContext {
  return {
    direction: input.direction ?? 'outbound',
    guardrailsConfigured: input.guardrailsConfigured ?? false,
    attempt: input.attempt ?? 1,
    occurredAt: timeOf(input),
  }
}

const guarded = setup({
  types: {
    context: {} as CallMachineContext,
    events: {} as CallMachineEvent,
    input: {} as CallMachineInput | undefined,
    tags: {} as CallTag,
    emitted: {} as CallRejection,
    transitionMeta: {} as Move,
  },
  guards: {
    guardrailsConfigured: ({ context }) => context.guardrailsConfigured,
    isOutbound: ({ context }) => context.direction === 'outbound',
    notOlder: ({ context, event }) => {
      const at = timeOf(event)
      return at === null || context.occurredAt === null || at >= context.occurredAt
    },
    // Combined under names of their own: a guard made in place would not be seen in the chart.
    mayReschedule: and(MOVE_GUARDS.mayReschedule),
    mayWait: and(MOVE_GUARDS.mayWait),
  },
})

const callSetup = guarded.extend({
  actions: {
    enter: guarded.assign({ occurredAt: ({ event }) => timeOf(event) }),
    reject: guarded.enqueueActions(({ event, check, enqueue }) => {
      const from = CALL_STATUSES.find((status) => check(stateIn(status))) as CallStatus
      enqueue.emit(rejectionOf(from, event.type, check))
    }),
  },
})

/**
 * One attempt of a call as an XState machine: `snapshot.value` is the status, `snapshot.hasTag` tells
 * class, phase and group, terminal statuses are final, and every status is an event type. States and
 * moves come from `LIFECYCLE`; the guards say what the table cannot: `guardrailsConfigured`,
 * `isOutbound` (for waiting statuses) and `notOlder` (an event before the time of the current status).
 *
 * It begins at `queued`. The other starts, such as an inbound call at `ringing`, are made by
 * `snapshotAt`. It has no clock, no delayed event and no child: a timeout is an event that somebody
 * sends, and `dueAt` says when.
 *
 * A refused event changes nothing and is emitted as a `CallRejection`. XState stops an actor at a
 * final state and tells nothing of what is sent to it afterwards; `applyEvent` always answers. As
 * every event is handled, if only to refuse it, `snapshot.can` is always true: ask
 * `applyEvent(snapshot, event).ok`. The tools of `xstate/graph` take the `*` in the chart for an event
 * type unless they are told the events: `getShortestPaths(callMachine, { events: CALL_EVENTS })`.
 *
 * @example
 * const actor = createActor(callMachine).start()
 * actor.on('rejected', ({ from, to, reason }) => report(from, to, reason))
 * actor.send({ type: 'initiated', occurredAt: 1_767_225_600_000 })
 * actor.getSnapshot().value // 'initiated'
 */
export const callMachine = callSetup.createMachine({
  id: 'call',
  description: 'One attempt of a phone call.',
  initial: 'queued',
  context: ({ input }) => contextOf(input),
  states: statesOf(),
  on: {
    '*': {
      actions: 'reject',
      description: 'Whatever is not a legal move changes nothing and is emitted as rejected.',
    },
  },
})

/** A snapshot of `callMachine`. */
export type CallSnapshot = SnapshotFrom<typeof callMachine>

/**
 * One event of each type, without a time: what `xstate/graph` needs to walk the machine.
 *
 * @example
 * createTestModel(callMachine).getShortestPaths({ events: CALL_EVENTS })
 */
export const CALL_EVENTS: readonly CallMachineEvent[] = CALL_STATUSES.map((type) => ({ type }))

function statesOf() {
  const states = CALL_STATUSES.map((status) => [status, stateOf(status)] as const)
  return Object.fromEntries(states) as Record<CallStatus, ReturnType<typeof stateOf>>
}

function stateOf(status: CallStatus) {
  const { class: statusClass, phase, group, next } = LIFECYCLE[status]
  const moves = Object.entries<Move>(next) as [CallStatus, Move][]
  return callSetup.createStateConfig({
    type: isTerminal(status) ? 'final' : 'atomic',
    description: STATUS_DESCRIPTIONS[status],
    tags: group === null ? [statusClass, phase] : [statusClass, phase, group],
    on: Object.fromEntries(
      moves.map(([to, move]) => [
        to,
        { target: to, guard: moveGuard(to), actions: 'enter', meta: move },
      ]),
    ),
  })
}
