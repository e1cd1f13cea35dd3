import { describe, expect, test } from 'vitest'
import { createActor, setup, toPromise, waitFor } from 'xstate'
import { CALL_STATUSES, groupOf, isTerminal, type TerminalStatus } from '../index.ts'
import { pathBetween } from '../transition.ts'
import {
  type CallJobOutput,
  type CallOutput,
  callJobMachine,
  callMachine,
  snapshotAt,
} from './index.ts'

const ENDS = CALL_STATUSES.filter((status) => isTerminal(status))

/** Sends what leads from `queued` to this end. */
function goTo(
  end: TerminalStatus,
  send: (event: { type: (typeof CALL_STATUSES)[number]; occurredAt: number }) => void,
) {
  for (const [at, type] of (pathBetween('queued', end) ?? []).slice(1).entries()) {
    send({ type, occurredAt: 1000 * (at + 1) })
  }
}

describe('the output', () => {
  test('tells every end, its group, its attempt and its time', async () => {
    for (const end of ENDS) {
      const actor = createActor(callMachine, { input: { attempt: 3 } }).start()
      const over = toPromise(actor)
      goTo(end, (event) => actor.send(event))
      const output: CallOutput = await over
      expect(output).toEqual({
        status: end,
        group: groupOf(end),
        attempt: 3,
        occurredAt: 1000 * ((pathBetween('queued', end)?.length ?? 0) - 1),
      })
      expect(output).toEqual(actor.getSnapshot().output)
    }
  })

  test('is there in a snapshot that is made at an end, and not before', () => {
    expect(snapshotAt('busy', { attempt: 2, occurredAt: 5 }).output).toEqual({
      status: 'busy',
      group: 'unanswered',
      attempt: 2,
      occurredAt: 5,
    })
    expect(snapshotAt('ringing').output).toBeUndefined()
  })

  test("lets a parent's onDone tell busy from completed, after provide too", () => {
    for (const call of [callMachine, callMachine.provide({})]) {
      const parent = setup({ actors: { call } }).createMachine({
        initial: 'calling',
        states: {
          calling: {
            invoke: {
              src: 'call',
              id: 'call',
              onDone: [
                { guard: ({ event }) => event.output.status === 'busy', target: 'callAgain' },
                { guard: ({ event }) => event.output.group === 'successful', target: 'spoken' },
                { target: 'givenUp' },
              ],
            },
          },
          callAgain: {},
          spoken: {},
          givenUp: {},
        },
      })
      const parentAfter = (end: TerminalStatus) => {
        const actor = createActor(parent).start()
        goTo(end, (event) => actor.getSnapshot().children['call']?.send(event))
        return actor.getSnapshot().value
      }
      expect(parentAfter('busy')).toBe('callAgain')
      expect(parentAfter('completed')).toBe('spoken')
      expect(parentAfter('failed')).toBe('givenUp')
    }
  })

  test('of a job tells its last status and its attempts', async () => {
    const policy = {
      maxAttempts: 2,
      retryOn: ['busy'] as const,
      retryOnVoicemail: false,
      delaysMs: [1000],
    }
    const actor = createActor(callJobMachine, { input: { policy } }).start()
    const over = toPromise(actor)
    actor.send({ type: 'attempt-ended', status: 'busy', occurredAt: 5 })
    actor.send({ type: 'attempt-opened' })
    actor.send({ type: 'canceled' })
    actor.send({ type: 'attempt-ended', status: 'no-answer', occurredAt: 9 })
    const output: CallJobOutput = await over
    expect(output).toEqual({
      status: 'no-answer',
      attempts: 2,
      ended: [
        { attempt: 1, status: 'busy', voicemail: false, occurredAt: 5 },
        { attempt: 2, status: 'no-answer', voicemail: false, occurredAt: 9 },
      ],
      canceled: true,
    })
  })
})

test('the output of a job that went on with a later attempt counts the earlier ones', () => {
  const actor = createActor(callJobMachine, { input: { attempt: 3 } }).start()
  actor.send({ type: 'attempt-ended', status: 'completed' })
  expect(actor.getSnapshot().output).toMatchObject({ attempts: 3, ended: [{ attempt: 3 }] })
})

describe('waitFor', () => {
  test('waits for a status, and for an end', async () => {
    const actor = createActor(callMachine).start()
    const answered = waitFor(actor, (snapshot) => snapshot.matches('in-progress'))
    const over = waitFor(actor, (snapshot) => snapshot.hasTag('terminal'))
    goTo('completed', (event) => actor.send(event))
    expect((await answered).context.occurredAt).toBe(2000)
    expect((await over).output?.status).toBe('completed')
  })

  test('rejects where the call ended otherwise', async () => {
    const actor = createActor(callMachine).start()
    const answered = waitFor(actor, (snapshot) => snapshot.matches('in-progress'))
    goTo('busy', (event) => actor.send(event))
    await expect(answered).rejects.toThrow()
  })
})
