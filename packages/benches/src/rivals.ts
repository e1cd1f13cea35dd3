// The same lifecycle in other state machine libraries, each built from the table in the way in which
// its documents build one, and each without a timeline and without reasons.

import { createStore } from '@xstate/store'
import { CALL_STATUSES, type CallStatus, canTransition, LIFECYCLE, START_STATUSES } from 'callstate'
import StateMachine from 'javascript-state-machine'
import * as robot from 'robot3'
import { type AnyActorRef, createActor, createMachine, initialTransition, transition } from 'xstate'
import type { Side } from './measure.ts'
import { BATCH, EVENTS, expectEnd, MACHINE_EVENTS } from './walks.ts'

/** Where a machine stands before the first event of its call. */
const NEW = 'new'
const STARTS: readonly CallStatus[] = [...START_STATUSES.outbound, ...START_STATUSES.inbound]
const STATES = [NEW, ...CALL_STATUSES] as const

type State = (typeof STATES)[number]

function movesFrom(state: State): readonly CallStatus[] {
  return state === NEW ? STARTS : (Object.keys(LIFECYCLE[state].next) as CallStatus[])
}

/** A side that sends every event of a batch to instances which were made, untimed, before. */
function instances<Instance>(
  name: string,
  create: () => Instance,
  sendAll: (made: readonly Instance[]) => void,
  stateOf: (instance: Instance) => unknown,
): Side {
  let made: Instance[] = []
  const side = {
    name,
    operations: EVENTS,
    prepare() {
      made = BATCH.map(create)
    },
    run() {
      sendAll(made)
    },
  }
  side.prepare()
  side.run()
  for (const [place, instance] of made.entries()) expectEnd(BATCH[place], stateOf(instance), name)
  return side
}

const machine = createMachine({
  initial: NEW,
  states: Object.fromEntries(
    STATES.map((state) => [
      state,
      { on: Object.fromEntries(movesFrom(state).map((to) => [to, { target: to }])) },
    ]),
  ),
})

const xstateActor = instances<AnyActorRef>(
  'xstate: actor.send',
  () => createActor(machine).start(),
  (actors) => {
    for (const [place, actor] of actors.entries()) {
      for (const event of MACHINE_EVENTS[place] ?? []) actor.send(event)
    }
  },
  (actor) => actor.getSnapshot().value,
)

const xstateTransition = instances(
  'xstate: transition',
  () => ({ snapshot: initialTransition(machine)[0] }),
  (calls) => {
    for (const [place, call] of calls.entries()) {
      for (const event of MACHINE_EVENTS[place] ?? []) {
        call.snapshot = transition(machine, call.snapshot, event)[0]
      }
    }
  },
  (call) => call.snapshot.value,
)

// A store has no table of moves; the library's own answers the question in the cheapest way there is.
const storeLogic = {
  context: { state: NEW as State },
  on: Object.fromEntries(
    CALL_STATUSES.map((to) => [
      to,
      (context: { state: State }) => {
        const isLegal =
          context.state === NEW ? STARTS.includes(to) : canTransition(context.state, to)
        return isLegal ? { state: to } : context
      },
    ]),
  ),
}

const store = instances(
  '@xstate/store: send',
  () => createStore(storeLogic),
  (stores) => {
    for (const [place, store] of stores.entries()) {
      for (const event of MACHINE_EVENTS[place] ?? []) store.send(event)
    }
  },
  (store) => store.getSnapshot().context.state,
)

const oneStore = createStore(storeLogic)
const storeTransition = instances(
  '@xstate/store: transition',
  () => ({ snapshot: oneStore.getInitialSnapshot() }),
  (calls) => {
    for (const [place, call] of calls.entries()) {
      for (const event of MACHINE_EVENTS[place] ?? []) {
        call.snapshot = oneStore.transition(call.snapshot, event)[0]
      }
    }
  },
  (call) => call.snapshot.context.state,
)

const robotMachine = robot.createMachine(
  NEW,
  Object.fromEntries(
    STATES.map((state) => [
      state,
      robot.state(...movesFrom(state).map((to) => robot.transition(to, to))),
    ]),
  ),
)

/** Its types want every state and event spelled out as a literal; ours come from the table. */
interface RobotService {
  readonly machine: { readonly current: unknown }
  send(event: { readonly type: string }): void
}
const startRobot = robot.interpret as unknown as (
  machine: typeof robotMachine,
  onChange: () => void,
) => RobotService

const robot3 = instances(
  'robot3: service.send',
  () => startRobot(robotMachine, () => {}),
  (services) => {
    for (const [place, service] of services.entries()) {
      for (const event of MACHINE_EVENTS[place] ?? []) service.send(event)
    }
  },
  (service) => service.machine.current,
)

/** Its events are methods: `in-progress` is called `inProgress`. */
const methodOf = (status: CallStatus) => status.replace(/-(\w)/g, (_, c: string) => c.toUpperCase())
const METHODS = BATCH.map((walk) => walk.map(methodOf))
const Fsm = StateMachine.factory({
  init: NEW,
  transitions: STATES.flatMap((from) =>
    movesFrom(from).map((to) => ({ name: methodOf(to), from, to })),
  ),
})

const javascriptStateMachine = instances(
  'javascript-state-machine',
  () => new Fsm(),
  (machines) => {
    for (const [place, fsm] of machines.entries()) {
      for (const method of METHODS[place] ?? []) fsm[method]?.()
    }
  },
  (fsm) => fsm.state,
)

/** XState's actor, which has an aim of its own. */
export const XSTATE_ACTOR = xstateActor.name

export const RIVALS: readonly Side[] = [
  store,
  storeTransition,
  robot3,
  javascriptStateMachine,
  xstateActor,
  xstateTransition,
]
