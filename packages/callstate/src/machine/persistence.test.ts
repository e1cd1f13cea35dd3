import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createActor, type Snapshot, setup } from 'xstate'
import { CALL_STATUSES, type CallStatus, isTerminal, nextStatuses } from '../index.ts'
import { OPEN } from './call-machine.fixture.ts'
import { applyJobEvent, callJobMachine, callMachine, snapshotAt } from './index.ts'

describe('persistence', () => {
  test('every status comes back from JSON and goes on', () => {
    for (const status of CALL_STATUSES) {
      const actor = createActor(callMachine, {
        snapshot: snapshotAt(status, { ...OPEN, attempt: 2, occurredAt: 7 }),
      }).start()
      const stored = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()))
      const restored = createActor(callMachine, { snapshot: stored }).start()
      expect(restored.getSnapshot().value).toBe(status)
      expect(restored.getSnapshot().context).toEqual(actor.getSnapshot().context)
      const [next] = nextStatuses(status)
      if (next === undefined) {
        expect(restored.getSnapshot().status).toBe('done')
        expect(restored.getSnapshot().output).toEqual(actor.getSnapshot().output)
        continue
      }
      restored.send({ type: next, occurredAt: 8 })
      expect(restored.getSnapshot().value).toBe(next)
    }
  })

  test('what came back knows what it can, and reports what it refuses', () => {
    const actor = createActor(callMachine).start()
    actor.send({ type: 'initiated', occurredAt: 5 })
    const stored = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()))
    for (const machine of [callMachine, callMachine.provide({})]) {
      const restored = createActor(machine, { snapshot: stored })
      const reasons: string[] = []
      restored.on('rejected', ({ reason }) => reasons.push(reason))
      restored.start()
      expect(restored.getSnapshot().can({ type: 'ringing' })).toBe(true)
      expect(restored.getSnapshot().can({ type: 'completed' })).toBe(false)
      restored.send({ type: 'completed' })
      restored.send({ type: 'ringing', occurredAt: 4 })
      expect(reasons).toEqual(['skips-ahead', 'older-than-state'])
    }
  })
})

/** Written by the code of release 0.1: `getPersistedSnapshot()` of its actors. */
const BY_0_1: {
  readonly call: {
    readonly walked: Snapshot<unknown>
    readonly at: Readonly<Record<CallStatus, Snapshot<unknown>>>
  }
  readonly jobs: Readonly<Record<'attempting' | 'waiting-for-retry' | 'settled', Snapshot<unknown>>>
} = JSON.parse(readFileSync(new URL('persisted-by-0.1.fixture.json', import.meta.url), 'utf8'))

describe('what release 0.1 persisted', () => {
  test('comes back at every status and goes on', () => {
    expect(Object.keys(BY_0_1.call.at)).toEqual(CALL_STATUSES)
    for (const status of CALL_STATUSES) {
      const restored = createActor(callMachine, { snapshot: BY_0_1.call.at[status] }).start()
      const snapshot = restored.getSnapshot()
      const input = { ...OPEN, attempt: 2, occurredAt: 7 }
      const expected = createActor(callMachine, { snapshot: snapshotAt(status, input) }).start()
      const stored = JSON.stringify(restored.getPersistedSnapshot())
      expect(JSON.parse(stored)).toEqual(
        JSON.parse(JSON.stringify(expected.getPersistedSnapshot())),
      )
      for (const type of CALL_STATUSES) {
        expect(snapshot.can({ type })).toBe(expected.getSnapshot().can({ type }))
      }
      const [next] = nextStatuses(status)
      if (next === undefined) continue
      restored.send({ type: next })
      expect(restored.getSnapshot().value).toBe(next)
    }
  })

  test('has an output where it had ended, for a parent too', () => {
    const output = { status: 'no-answer', group: 'unanswered', attempt: 2, occurredAt: 5000 }
    const ended = createActor(callMachine, { snapshot: BY_0_1.call.walked }).start()
    expect(ended.getSnapshot()).toMatchObject({ value: 'no-answer', status: 'done', output })
    for (const status of CALL_STATUSES.filter((one) => isTerminal(one))) {
      const snapshot = BY_0_1.call.at[status]
      expect(snapshot.output).toBeUndefined()
      const provided = createActor(callMachine.provide({}), { snapshot })
      expect(provided.getSnapshot().output).toMatchObject({ status })
    }

    const outputs: unknown[] = []
    const parent = setup({ actors: { call: callMachine } }).createMachine({
      initial: 'calling',
      states: {
        calling: {
          invoke: {
            src: 'call',
            id: 'call',
            onDone: { actions: ({ event }) => outputs.push(event.output) },
          },
        },
      },
    })
    const stored = JSON.parse(JSON.stringify(createActor(parent).start().getPersistedSnapshot()))
    stored.children.call.snapshot = BY_0_1.call.at.ringing
    const restored = createActor(parent, { snapshot: stored }).start()
    restored.getSnapshot().children['call']?.send({ type: 'busy', occurredAt: 8 })
    expect(outputs).toEqual([{ status: 'busy', group: 'unanswered', attempt: 2, occurredAt: 8 }])
  })

  test('of a job keeps its plan under the new name, and goes on', () => {
    const waiting = createActor(callJobMachine, { snapshot: BY_0_1.jobs['waiting-for-retry'] })
    expect(JSON.stringify(BY_0_1.jobs['waiting-for-retry'])).toContain('"dueAt":300005')
    const { context } = waiting.start().getSnapshot()
    expect(context).toMatchObject({ attempt: 1, retryAt: 300_005, canceled: false })
    expect(context).not.toHaveProperty('dueAt')
    waiting.send({ type: 'attempt-opened', attempt: 2 })
    expect(waiting.getSnapshot()).toMatchObject({
      value: 'attempting',
      context: { attempt: 2, retryAt: null },
    })

    const attempting = createActor(callJobMachine.provide({}), {
      snapshot: BY_0_1.jobs.attempting,
    }).start()
    expect(attempting.getSnapshot().context).toMatchObject({ attempt: 1, retryAt: null })
    const applied = applyJobEvent(attempting.getSnapshot(), {
      type: 'attempt-ended',
      status: 'busy',
      occurredAt: 1,
    })
    expect(applied.snapshot.context.retryAt).toBe(300_001)

    const settled = createActor(callJobMachine, { snapshot: BY_0_1.jobs.settled }).start()
    expect(settled.getSnapshot()).toMatchObject({
      status: 'done',
      context: { retryAt: null },
      output: { status: 'completed', attempts: 2, canceled: false },
    })
  })
})
