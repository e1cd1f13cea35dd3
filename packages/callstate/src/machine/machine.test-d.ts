import { expectTypeOf, test } from 'vitest'
import { createActor, type EmittedFrom, type InputFrom, type OutputFrom, toPromise } from 'xstate'
import type { CallStatus, RetryPolicy, TerminalStatus } from '../index.ts'
import {
  applyEvent,
  applyJobEvent,
  type CallJobEmitted,
  type CallJobInput,
  type CallJobOutput,
  type CallJobState,
  type CallMachineContext,
  type CallMachineEvent,
  type CallMachineInput,
  type CallOutput,
  type CallRejection,
  type CallTag,
  callJobMachine,
  callMachine,
  createCallMachine,
  snapshotAt,
  snapshotOf,
} from './index.ts'

test('the value of a snapshot is a status', () => {
  const snapshot = createActor(callMachine).getSnapshot()
  expectTypeOf(snapshot.value).toEqualTypeOf<CallStatus>()
  expectTypeOf(snapshot.context).toEqualTypeOf<CallMachineContext>()
  expectTypeOf(snapshotAt('ringing').value).toEqualTypeOf<CallStatus>()
  // @ts-expect-error a mistyped status
  snapshot.matches('ringin')
  // @ts-expect-error a mistyped status
  snapshotAt('ringin')
  // @ts-expect-error nothing may have been heard
  snapshotOf({} as never).value
})

test('tags are class, phase and group', () => {
  const snapshot = createActor(callMachine).getSnapshot()
  expectTypeOf(snapshot.hasTag).parameter(0).toEqualTypeOf<CallTag>()
  snapshot.hasTag('wrapping-up')
  // @ts-expect-error a mistyped tag
  snapshot.hasTag('wraping-up')
})

test('there is one event type per status', () => {
  const actor = createActor(callMachine)
  expectTypeOf<CallMachineEvent['type']>().toEqualTypeOf<CallStatus>()
  expectTypeOf(actor.send).parameter(0).toEqualTypeOf<CallMachineEvent>()
  actor.send({ type: 'ringing' })
  actor.send({ type: 'ringing', occurredAt: null })
  // @ts-expect-error a mistyped status
  actor.send({ type: 'ringin' })
  // @ts-expect-error a time is a number
  actor.send({ type: 'ringing', occurredAt: '2026-01-01' })
})

test('rejections are typed', () => {
  expectTypeOf<EmittedFrom<typeof callMachine>>().toEqualTypeOf<CallRejection>()
  const actor = createActor(callMachine)
  actor.on('rejected', ({ from, to, reason }) => {
    expectTypeOf(from).toEqualTypeOf<CallStatus>()
    expectTypeOf(to).toEqualTypeOf<string>()
    expectTypeOf(reason).toEqualTypeOf<CallRejection['reason']>()
  })
  // @ts-expect-error nothing of that name is emitted
  actor.on('refused', () => {})
  expectTypeOf<'not-outbound' | 'skips-ahead'>().toExtend<CallRejection['reason']>()
  expectTypeOf<'guard' | 'provider-lacks'>().toExtend<CallRejection['reason']>()
  expectTypeOf<'no such reason'>().not.toExtend<CallRejection['reason']>()
})

test('input may be left out, or in part', () => {
  expectTypeOf<InputFrom<typeof callMachine>>().toEqualTypeOf<CallMachineInput | undefined>()
  createActor(callMachine, { input: { direction: 'inbound' } })
  // @ts-expect-error there are two directions
  createActor(callMachine, { input: { direction: 'sideways' } })
})

test('guards that may be exchanged are named', () => {
  callMachine.provide({ guards: { notOlder: () => true } })
  // @ts-expect-error no guard has this name
  callMachine.provide({ guards: { notOldr: () => true } })
})

test('snapshot.can takes the events of the machine', () => {
  const snapshot = createActor(callMachine).getSnapshot()
  expectTypeOf(snapshot.can({ type: 'ringing' })).toEqualTypeOf<boolean>()
  // @ts-expect-error a mistyped status
  snapshot.can({ type: 'ringin' })
})

test('a machine of a provider is typed as callMachine', () => {
  const machine = createCallMachine({ lacks: ['call-disconnected'], moves: [] })
  expectTypeOf(machine).toEqualTypeOf(callMachine)
  expectTypeOf(snapshotAt('ringing', {}, machine).value).toEqualTypeOf<CallStatus>()
  expectTypeOf(machine.provide({ guards: { isOutbound: () => true } })).toEqualTypeOf(callMachine)
  // @ts-expect-error a mistyped status
  createCallMachine({ lacks: ['call-disconected'] })
})

test('the output tells how an attempt ended, and a job', async () => {
  expectTypeOf<OutputFrom<typeof callMachine>>().toEqualTypeOf<CallOutput>()
  expectTypeOf<OutputFrom<typeof callJobMachine>>().toEqualTypeOf<CallJobOutput>()
  const output = await toPromise(createActor(callMachine))
  expectTypeOf(output.status).toEqualTypeOf<TerminalStatus>()
  expectTypeOf(output.group).toEqualTypeOf<'successful' | 'unanswered' | 'unsuccessful'>()
  expectTypeOf(snapshotAt('ringing').output).toEqualTypeOf<CallOutput | undefined>()
})

test('applyEvent takes any text, and tells refusals from acceptance', () => {
  const applied = applyEvent(snapshotAt('ringing'), { type: 'warp-drive' as string })
  // @ts-expect-error only a refusal has a rejection
  applied.rejection
  if (!applied.ok) expectTypeOf(applied.rejection).toEqualTypeOf<CallRejection>()
})

test('a job has three states and three events', () => {
  const actor = createActor(callJobMachine, { input: { policy: {} as RetryPolicy } })
  expectTypeOf(actor.getSnapshot().value).toEqualTypeOf<CallJobState>()
  expectTypeOf<EmittedFrom<typeof callJobMachine>>().toEqualTypeOf<CallJobEmitted>()
  expectTypeOf<InputFrom<typeof callJobMachine>>().toEqualTypeOf<CallJobInput | undefined>()
  actor.send({ type: 'attempt-ended', status: 'busy' })
  // @ts-expect-error ringing ends no attempt
  actor.send({ type: 'attempt-ended', status: 'ringing' })
  // @ts-expect-error a mistyped event
  actor.send({ type: 'attempt-endet', status: 'busy' })
  actor.on('retry-planned', ({ retryAt }) => expectTypeOf(retryAt).toEqualTypeOf<number | null>())
  // @ts-expect-error text from outside is read first
  applyJobEvent(actor.getSnapshot(), { type: 'retry' })
})
