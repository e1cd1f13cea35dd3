import { type AnyStateMachine, and, type SnapshotFrom, setup } from 'xstate'
import { evaluateGuard } from 'xstate/guards'
import { CallstateError } from '../error.ts'
import {
  type CallStatus,
  LIFECYCLE,
  type Move,
  type Phase,
  type StatusClass,
  type StatusGroup,
  type TerminalStatus,
} from '../lifecycle.ts'
import { type LifecycleEntry, lifecycleOf, type OwnLifecycle, startsOf } from '../own-lifecycle.ts'
import { isCallStatus, isTerminal, parseStatus } from '../status.ts'
import { checkTransition } from '../transition.ts'
import {
  type CallMachineContext,
  type CallMachineEvent,
  type CallMachineInput,
  type CallOutput,
  contextOf,
  outputOf,
} from './call-context.ts'
import { providerOf, rememberProvider } from './machine-provider.ts'
import { mendRestored } from './mend-restored.ts'
import { timeOf } from './provider-time.ts'
import {
  type CallGuard,
  type CallRejection,
  failedPart,
  GUARD_REFUSALS,
  type GuardRefusal,
  MOVE_GUARDS,
  type MoveGuard,
  moveGuard,
} from './rejection.ts'
import { reportRefusals } from './report-refusals.ts'
import { STATUS_DESCRIPTIONS } from './status-descriptions.ts'

/** A tag of a state: its class, phase or group. */
export type CallTag = StatusClass | Phase | StatusGroup

const guarded = setup({
  types: {
    context: {} as CallMachineContext,
    events: {} as CallMachineEvent,
    input: {} as CallMachineInput | undefined,
    output: {} as CallOutput,
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
  actions: { enter: guarded.assign({ occurredAt: ({ event }) => timeOf(event) }) },
})

/**
 * The machine of a provider's own lifecycle (`lifecycleOf`): the statuses that the provider has a word
 * for, and the moves between them. It begins at the usual outbound start among them; in all else it is
 * as `callMachine`, which is this machine without a provider. Make one for each provider, not for each
 * call. Pure. Throws a `CallstateError` with code `invalid-provider` where no call can start, or where
 * `lacks` or `moves` is no list of such things.
 *
 * A snapshot at a status that the provider lacks, such as one of `callMachine`, is not restored: the actor
 * has the status `error`, with a `CallstateError` of code `unrecognized-status`. `snapshotOf` answers null
 * for a call at such a status.
 *
 * @example
 * const machine = createCallMachine({ lacks: ['call-disconnected'] })
 * applyEvent(snapshotAt('in-progress', {}, machine), { type: 'completed' }).ok // true
 */
export function createCallMachine(provider?: OwnLifecycle) {
  const machine = createChart(provider)
  if (provider !== undefined) rememberProvider(machine, provider)
  mendRestored(machine, withOutput, (persisted) => assertStatusOf(machine, persisted))
  reportRefusals(machine, explainRefusal)
  return machine
}

/**
 * One attempt of a call as an XState machine: `snapshot.value` is the status, `snapshot.hasTag` tells
 * class, phase and group, terminal statuses are final, and every status is an event type. States and
 * moves come from `LIFECYCLE`; the guards say what the table cannot: `guardrailsConfigured`,
 * `isOutbound` (for waiting statuses) and `notOlder` (an event before the time of the current status).
 *
 * It begins at `queued`. The other starts, such as an inbound call at `ringing`, are made by
 * `snapshotAt`. It has no clock, no delayed event and no child: a timeout is an event that somebody
 * sends, and `dueAt` says when. Its output is a `CallOutput`, so that a parent's `onDone` tells how the
 * attempt ended.
 *
 * `snapshot.can(event)` says whether an event would be taken. One that is not changes nothing and is
 * emitted as a `CallRejection`; the pure `transition` returns that as an action. XState stops an actor at
 * a final state and tells nothing of what is sent to it afterwards; `applyEvent` always answers. Guards
 * may be exchanged by `provide`.
 *
 * @example
 * const actor = createActor(callMachine).start()
 * actor.on('rejected', ({ from, to, reason }) => report(from, to, reason))
 * actor.send({ type: 'initiated', occurredAt: 1_767_225_600_000 })
 * actor.getSnapshot().value // 'initiated'
 */
export const callMachine = /* @__PURE__ */ createCallMachine()

/** `callMachine`, or a machine that `createCallMachine` made. */
export type CallMachine = typeof callMachine

/** A snapshot of a `CallMachine`. */
export type CallSnapshot = SnapshotFrom<CallMachine>

/** Why a snapshot's machine refuses an event that it refuses. Pure. */
export function explainRefusal(
  snapshot: Chart,
  event: { readonly type: unknown } | null | undefined,
): CallRejection {
  const { value: from, machine } = snapshot
  const to = event?.type
  const { word } = parseStatus(to)
  if (!isCallStatus(to)) {
    return { type: 'rejected', from, to: word, reason: 'unrecognized-status' }
  }
  const check = checkTransition(from, to, { provider: providerOf(machine) })
  const reason = check.ok ? guardReason(snapshot, { ...event, type: to }) : check.reason
  return { type: 'rejected', from, to: word, reason }
}

/** The move is legal and was refused all the same, so a guard did not let it pass. */
function guardReason(snapshot: Chart, event: { readonly type: CallStatus }): GuardRefusal {
  const { context, machine } = snapshot
  const guard = moveGuard(event.type)
  // What somebody else put in the place of a guard has reasons of its own, which nobody knows.
  const isOurs = (name: MoveGuard | CallGuard) =>
    machine.implementations.guards[name] === callMachine.implementations.guards[name]
  const failed = isOurs(guard)
    ? failedPart(guard, (part) => evaluateGuard(part, context, event, snapshot))
    : undefined
  return failed === undefined || !isOurs(failed) ? 'guard' : GUARD_REFUSALS[failed]
}

function createChart(provider: OwnLifecycle | undefined) {
  const lifecycle = provider === undefined ? LIFECYCLE : lifecycleOf(provider)
  const [start] = startsOf('outbound', provider)
  if (start === undefined) {
    const message =
      'A provider needs a word for a status at which a call can start; this one has none.'
    throw new CallstateError('invalid-provider', message)
  }
  const entries = Object.entries<LifecycleEntry>(lifecycle) as [CallStatus, LifecycleEntry][]
  const states = entries.map(([status, entry]) => [status, stateOf(status, entry)])
  return callSetup.createMachine({
    id: 'call',
    description: 'One attempt of a phone call.',
    initial: start,
    context: ({ input }) => contextOf(input),
    states: Object.fromEntries(states) as Record<CallStatus, ReturnType<typeof stateOf>>,
    // What a final state hands up is its status, see there; XState does not type it.
    output: ({ context, event }) => outputOf(event.output as TerminalStatus, context),
  })
}

function stateOf(status: CallStatus, { class: statusClass, phase, group, next }: LifecycleEntry) {
  const moves = Object.entries<Move>(next) as [CallStatus, Move][]
  return callSetup.createStateConfig({
    ...(isTerminal(status) ? { type: 'final', output: status } : { type: 'atomic' }),
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

/** A snapshot as the chart types it, before the machine that is made of it has a name. */
type Chart = SnapshotFrom<ReturnType<typeof createChart>>

/** Throws where a snapshot is at a status that the machine does not have. */
function assertStatusOf(machine: AnyStateMachine, persisted: object): void {
  const value: unknown = Reflect.get(persisted, 'value')
  if (typeof value !== 'string' || Object.hasOwn(machine.states, value)) return
  const message = isCallStatus(value)
    ? `A snapshot at "${value}" cannot be restored: its machine has no such status, since its provider lacks it. Restore it with callMachine, or make the machine for the provider that said it.`
    : 'A snapshot at a status that is none of the table cannot be restored. Hand in what getPersistedSnapshot gave.'
  throw new CallstateError('unrecognized-status', message)
}

/** An end that release 0.1 persisted has no output. */
function withOutput(restored: Chart): Chart {
  const { value, context } = restored
  if (restored.status !== 'done' || !isTerminal(value)) return restored
  return { ...restored, output: restored.output ?? outputOf(value, context) }
}
