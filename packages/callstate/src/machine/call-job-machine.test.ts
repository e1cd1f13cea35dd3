import { describe, expect, test } from 'vitest'
import { createActor, initialTransition, transition } from 'xstate'
import { createTestModel, getShortestPaths, getSimplePaths } from 'xstate/graph'
import { CALL_STATUSES, isTerminal, type RetryPolicy } from '../index.ts'
import { mayRetry, retryDelayMs } from '../retry-policy.ts'
import {
  after,
  BOLNA,
  CANCELED,
  DIALGEN,
  ended,
  MINUTE_MS,
  OPENED,
  run,
  VOICEMAIL,
} from './call-job-machine.fixture.ts'
import { type CallJobEmitted, type CallJobEvent, callJobMachine } from './index.ts'

const EVENTS = [ended('busy'), ended('no-answer'), ended('completed'), OPENED, CANCELED]

describe('the start', () => {
  const rest = { ended: [], retryAt: null, canceled: false }

  test('is attempt 1, without a policy', () => {
    const snapshot = createActor(callJobMachine).getSnapshot()
    expect(snapshot.value).toBe('attempting')
    expect(snapshot.context).toEqual({ policy: null, attempt: 1, ...rest })
  })

  test('takes its input', () => {
    const [snapshot] = initialTransition(callJobMachine, { policy: BOLNA, attempt: 2 })
    expect(snapshot.context).toEqual({ policy: BOLNA, attempt: 2, ...rest })
  })
})

describe('mayRetry', () => {
  test('decides every end as the policy does', () => {
    for (const policy of [BOLNA, DIALGEN, VOICEMAIL]) {
      for (const status of CALL_STATUSES.filter((one) => isTerminal(one))) {
        for (const voicemail of [true, false]) {
          for (const attempt of [1, 2, 3, 4]) {
            const { value } = after({ policy, attempt }, ended(status, { voicemail }))
            const retried = mayRetry(policy, { attempt, status, voicemail })
            expect(value).toBe(retried ? 'waiting-for-retry' : 'settled')
          }
        }
      }
    }
  })

  test('takes an end that says nothing of a machine for one without', () => {
    expect(after({ policy: VOICEMAIL }, ended('completed')).value).toBe('settled')
    expect(after({ policy: VOICEMAIL }, ended('completed', { voicemail: true })).value).toBe(
      'waiting-for-retry',
    )
  })

  test('takes the word of the policy, whatever it names', () => {
    const policy: RetryPolicy = { ...BOLNA, retryOn: ['canceled', 'balance-low'] }
    expect(run(policy, ended('canceled')).snapshot.value).toBe('waiting-for-retry')
    expect(run(policy, ended('balance-low')).snapshot.value).toBe('waiting-for-retry')
    expect(run(policy, ended('stopped')).snapshot.value).toBe('settled')
    for (const status of ['canceled', 'stopped', 'balance-low'] as const) {
      for (const provided of [BOLNA, DIALGEN]) {
        expect(run(provided, ended(status)).snapshot.value).toBe('settled')
      }
    }
  })

  test('allows nothing without a policy', () => {
    expect(run(null, ended('busy')).snapshot.value).toBe('settled')
    expect(run(BOLNA, ended('busy')).snapshot.value).toBe('waiting-for-retry')
  })

  test('allows nothing once the job was called off', () => {
    expect(run(BOLNA, CANCELED, ended('busy')).snapshot.value).toBe('settled')
  })
})

describe('a job', () => {
  test('goes through the attempts of a Bolna call', () => {
    const { snapshot, emitted } = run(
      BOLNA,
      ended('no-answer', { attempt: 1, occurredAt: 0 }),
      { type: 'attempt-opened', attempt: 2 },
      ended('busy', { attempt: 2, occurredAt: 40 * MINUTE_MS }),
      { type: 'attempt-opened', attempt: 3 },
      ended('completed', { attempt: 3, voicemail: true }),
    )
    expect(snapshot).toMatchObject({ value: 'settled', status: 'done' })
    expect(snapshot.context).toEqual({
      policy: BOLNA,
      attempt: 3,
      ended: [
        { attempt: 1, status: 'no-answer', voicemail: false, occurredAt: 0 },
        { attempt: 2, status: 'busy', voicemail: false, occurredAt: 40 * MINUTE_MS },
        { attempt: 3, status: 'completed', voicemail: true, occurredAt: null },
      ],
      retryAt: null,
      canceled: false,
    })
    expect(emitted).toEqual([
      { type: 'retry-planned', attempt: 2, retryAt: 30 * MINUTE_MS },
      { type: 'retry-planned', attempt: 3, retryAt: 100 * MINUTE_MS },
      { type: 'settled', attempt: 3, status: 'completed' },
    ])
  })

  test('waits as long as Dialgen says after each status', () => {
    for (const status of ['busy', 'no-answer'] as const) {
      const { context } = after({ policy: DIALGEN }, ended(status, { occurredAt: 1000 }))
      expect(context.retryAt).toBe(1000 + retryDelayMs(DIALGEN, { attempt: 1, status }))
    }
    const twice = [ended('busy'), OPENED, ended('busy'), OPENED, ended('busy')]
    const { snapshot, emitted } = run(DIALGEN, ...twice)
    expect(snapshot.context.attempt).toBe(3)
    expect(emitted.at(-1)).toEqual({ type: 'settled', attempt: 3, status: 'busy' })
  })

  test('does not know when the next attempt is due where the end had no usable time', () => {
    for (const occurredAt of [null, Number.NaN]) {
      const { snapshot, emitted } = run(BOLNA, ended('busy', { occurredAt }))
      expect(snapshot.context.retryAt).toBeNull()
      expect(snapshot.context.ended[0]?.occurredAt).toBeNull()
      expect(emitted).toEqual([{ type: 'retry-planned', attempt: 2, retryAt: null }])
    }
  })

  test('forgets the plan when the next attempt opens', () => {
    const waiting = after({ policy: BOLNA }, ended('busy', { occurredAt: 0 }))
    expect(waiting.context).toMatchObject({ attempt: 1, retryAt: 30 * MINUTE_MS })
    const { value, context } = transition(callJobMachine, waiting, OPENED)[0]
    expect(value).toBe('attempting')
    expect(context).toMatchObject({ attempt: 2, retryAt: null })
  })

  test('that is called off while it waits is settled with its last end', () => {
    const { snapshot, emitted } = run(BOLNA, ended('busy', { occurredAt: 0 }), CANCELED)
    expect(snapshot.value).toBe('settled')
    expect(snapshot.context).toMatchObject({ attempt: 1, retryAt: null, canceled: true })
    expect(emitted.at(-1)).toEqual({ type: 'settled', attempt: 1, status: 'busy' })
  })

  test('that is called off during an attempt goes on until this attempt ends', () => {
    const { snapshot, emitted } = run(BOLNA, CANCELED, CANCELED)
    expect(snapshot.value).toBe('attempting')
    expect(snapshot.context).toMatchObject({ attempt: 1, ended: [], canceled: true })
    expect(emitted).toEqual([])
  })
})

describe('persistence', () => {
  test('a waiting job comes back from JSON and goes on', () => {
    const actor = createActor(callJobMachine, { input: { policy: DIALGEN } }).start()
    actor.send(ended('busy', { occurredAt: 5 }))
    const stored = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()))
    const restored = createActor(callJobMachine, { snapshot: stored })
    const emitted: CallJobEmitted[] = []
    restored.on('*', (event) => emitted.push(event))
    restored.start()
    expect(restored.getSnapshot().context).toEqual(actor.getSnapshot().context)
    expect(emitted).toEqual([])
    restored.send(OPENED)
    expect(restored.getSnapshot()).toMatchObject({ value: 'attempting', context: { attempt: 2 } })
  })
})

describe('xstate/graph', () => {
  const options = { events: EVENTS, input: { policy: DIALGEN } }

  test('finds every state and never a fourth attempt', () => {
    for (const find of [getShortestPaths, getSimplePaths]) {
      const states = find(callJobMachine, options).map(({ state }) => state)
      expect(new Set(states.map(({ value }) => value))).toEqual(
        new Set(['attempting', 'waiting-for-retry', 'settled']),
      )
      expect(new Set(states.map(({ context }) => context.attempt))).toEqual(new Set([1, 2, 3]))
    }
  })

  test('makes a test model whose paths hold for an actor', async () => {
    const paths = createTestModel(callJobMachine).getShortestPaths({
      ...options,
      stopWhen: ({ status }) => status === 'done',
    })
    expect(paths.length).toBeGreaterThan(10)
    for (const path of paths) {
      const actor = createActor(callJobMachine, { input: options.input }).start()
      const step = ({ event }: { event: CallJobEvent }) => actor.send(event)
      await path.test({
        events: { 'attempt-ended': step, 'attempt-opened': step, canceled: step } as never,
        states: {
          '*': (state) => {
            expect(actor.getSnapshot().value).toBe(state.value)
            expect(actor.getSnapshot().context).toEqual(state.context)
          },
        },
      })
    }
  })
})

describe('inspection', () => {
  test('the chart survives JSON', () => {
    const chart = JSON.parse(JSON.stringify(callJobMachine))
    expect(chart).toMatchObject({ id: 'call-job', initial: { target: ['#call-job.attempting'] } })
    const moves = Object.entries<{ on: Record<string, { target?: string[]; guard?: unknown }[]> }>(
      chart.states,
    ).flatMap(([from, { on }]) =>
      Object.entries(on).flatMap(([event, moves]) =>
        moves.map(({ target, guard }) => [from, event, guard ?? null, target?.[0] ?? null]),
      ),
    )
    expect(moves).toEqual([
      ['attempting', 'attempt-ended', { type: 'mayRetry' }, '#call-job.waiting-for-retry'],
      ['attempting', 'attempt-ended', 'endsAttempt', '#call-job.settled'],
      ['attempting', 'canceled', null, null],
      ['waiting-for-retry', 'attempt-opened', 'opensNextAttempt', '#call-job.attempting'],
      ['waiting-for-retry', 'canceled', null, '#call-job.settled'],
    ])
    const described = [
      chart,
      chart.states.attempting.on.canceled[0],
      ...Object.values(chart.states),
    ]
    for (const { description } of described) expect(description).toMatch(/^[A-Z].*\.$/)
  })
})
