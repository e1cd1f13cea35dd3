import { describe, expect, test } from 'vitest'
import { createActor, getNextSnapshot, initialTransition, transition } from 'xstate'
import { createTestModel, getShortestPaths, getSimplePaths } from 'xstate/graph'
import { CALL_STATUSES, isTerminal, mayRetry, type RetryPolicy, retryDelayMs } from '../index.ts'
import {
  applyJobEvent,
  type CallJobEmitted,
  type CallJobEvent,
  type CallJobInput,
  callJobMachine,
} from './index.ts'

const MINUTE_MS = 60_000

/** Bolna's `retry_config` with its defaults. */
const BOLNA: RetryPolicy = {
  maxAttempts: 4,
  retryOn: ['no-answer', 'busy', 'failed'],
  retryOnVoicemail: false,
  delaysMs: [30 * MINUTE_MS, 60 * MINUTE_MS, 120 * MINUTE_MS],
}
/** Dialgen's `retryStrategy` with its defaults. */
const DIALGEN: RetryPolicy = {
  maxAttempts: 3,
  retryOn: ['no-answer', 'busy'],
  retryOnVoicemail: false,
  delaysMs: [],
  delayMsAfter: { 'no-answer': 3_600_000, busy: 300_000 },
}
const VOICEMAIL: RetryPolicy = { ...BOLNA, retryOnVoicemail: true }

const ended = (
  status: Extract<CallJobEvent, { type: 'attempt-ended' }>['status'],
  rest: Partial<Extract<CallJobEvent, { type: 'attempt-ended' }>> = {},
): CallJobEvent => ({ type: 'attempt-ended', status, ...rest })
const OPENED: CallJobEvent = { type: 'attempt-opened' }
const CANCELED: CallJobEvent = { type: 'canceled' }
const EVENTS = [ended('busy'), ended('no-answer'), ended('completed'), OPENED, CANCELED]

/** Runs an actor over the events, as long as it listens. */
function run(policy: RetryPolicy | null, ...events: readonly CallJobEvent[]) {
  const actor = createActor(callJobMachine, { input: { policy } })
  const emitted: CallJobEmitted[] = []
  actor.on('*', (event) => emitted.push(event))
  actor.start()
  for (const event of events) actor.send(event)
  return { snapshot: actor.getSnapshot(), emitted }
}

/** A snapshot after the events, by the pure transition. */
function after(input: CallJobInput, ...events: readonly CallJobEvent[]) {
  const [start] = initialTransition(callJobMachine, input)
  return events.reduce((snapshot, event) => getNextSnapshot(callJobMachine, snapshot, event), start)
}

describe('the start', () => {
  const rest = { ended: [], dueAt: null, canceled: false }

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
      dueAt: null,
      canceled: false,
    })
    expect(emitted).toEqual([
      { type: 'retry-planned', attempt: 2, dueAt: 30 * MINUTE_MS },
      { type: 'retry-planned', attempt: 3, dueAt: 100 * MINUTE_MS },
      { type: 'settled', attempt: 3, status: 'completed' },
    ])
  })

  test('waits as long as Dialgen says after each status', () => {
    for (const status of ['busy', 'no-answer'] as const) {
      const { context } = after({ policy: DIALGEN }, ended(status, { occurredAt: 1000 }))
      expect(context.dueAt).toBe(1000 + retryDelayMs(DIALGEN, { attempt: 1, status }))
    }
    const twice = [ended('busy'), OPENED, ended('busy'), OPENED, ended('busy')]
    const { snapshot, emitted } = run(DIALGEN, ...twice)
    expect(snapshot.context.attempt).toBe(3)
    expect(emitted.at(-1)).toEqual({ type: 'settled', attempt: 3, status: 'busy' })
  })

  test('does not know when the next attempt is due where the end had no usable time', () => {
    for (const occurredAt of [null, Number.NaN]) {
      const { snapshot, emitted } = run(BOLNA, ended('busy', { occurredAt }))
      expect(snapshot.context.dueAt).toBeNull()
      expect(snapshot.context.ended[0]?.occurredAt).toBeNull()
      expect(emitted).toEqual([{ type: 'retry-planned', attempt: 2, dueAt: null }])
    }
  })

  test('forgets the plan when the next attempt opens', () => {
    const waiting = after({ policy: BOLNA }, ended('busy', { occurredAt: 0 }))
    expect(waiting.context).toMatchObject({ attempt: 1, dueAt: 30 * MINUTE_MS })
    const { value, context } = getNextSnapshot(callJobMachine, waiting, OPENED)
    expect(value).toBe('attempting')
    expect(context).toMatchObject({ attempt: 2, dueAt: null })
  })

  test('that is called off while it waits is settled with its last end', () => {
    const { snapshot, emitted } = run(BOLNA, ended('busy', { occurredAt: 0 }), CANCELED)
    expect(snapshot.value).toBe('settled')
    expect(snapshot.context).toMatchObject({ attempt: 1, dueAt: null, canceled: true })
    expect(emitted.at(-1)).toEqual({ type: 'settled', attempt: 1, status: 'busy' })
  })

  test('that is called off during an attempt goes on until this attempt ends', () => {
    const { snapshot, emitted } = run(BOLNA, CANCELED, CANCELED)
    expect(snapshot.value).toBe('attempting')
    expect(snapshot.context).toMatchObject({ attempt: 1, ended: [], canceled: true })
    expect(emitted).toEqual([])
  })
})

describe('a refused event', () => {
  const attempting = after({ policy: BOLNA, attempt: 2 })
  const waiting = after({ policy: BOLNA, attempt: 2 }, ended('busy'))
  const settled = after({ policy: BOLNA, attempt: 2 }, ended('stopped'))

  test.each([
    ['attempt-running', attempting, OPENED],
    ['attempt-running', attempting, { type: 'attempt-opened', attempt: 3 }],
    ['other-attempt', attempting, ended('busy', { attempt: 1 })],
    ['other-attempt', attempting, ended('completed', { attempt: 3 })],
    ['not-an-end', attempting, ended('ringing' as never)],
    ['not-an-end', attempting, { type: 'attempt-ended' } as never],
    ['unrecognized-event', attempting, { type: 'retry' } as never],
    ['no-attempt-running', waiting, ended('busy')],
    ['no-attempt-running', waiting, ended('busy', { attempt: 3 })],
    ['other-attempt', waiting, { type: 'attempt-opened', attempt: 2 }],
    ['other-attempt', waiting, { type: 'attempt-opened', attempt: 4 }],
    ['unrecognized-event', waiting, { type: 'retry' } as never],
    ['already-settled', settled, ended('busy')],
    ['already-settled', settled, OPENED],
    ['already-settled', settled, CANCELED],
    ['unrecognized-event', settled, { type: 'retry' } as never],
  ] as const)('is %s, changes nothing and is emitted', (reason, before, event) => {
    const rejection = { type: 'rejected', from: before.value, to: event.type, reason }
    expect(applyJobEvent(before, event)).toEqual({ ok: false, snapshot: before, rejection })

    const [next, actions] = transition(callJobMachine, before, event)
    expect(next).toBe(before)
    expect(actions.map(({ params }) => params)).toEqual([{ event: rejection }])

    if (before === settled) return
    const actor = createActor(callJobMachine, { snapshot: before })
    const emitted: CallJobEmitted[] = []
    actor.on('rejected', (event) => emitted.push(event))
    actor.start().send(event)
    expect(actor.getSnapshot().value).toBe(before.value)
    expect(emitted).toEqual([rejection])
  })

  test.each([
    ['the current attempt', attempting, ended('busy', { attempt: 2 }), 'waiting-for-retry'],
    ['the next attempt', waiting, { type: 'attempt-opened', attempt: 3 }, 'attempting'],
    [
      'an attempt that is not said',
      waiting,
      { type: 'attempt-opened', attempt: null },
      'attempting',
    ],
  ] as const)('is not one that speaks of %s', (_, before, event, to) => {
    const applied = applyJobEvent(before, event)
    expect(applied).toMatchObject({ ok: true, snapshot: { value: to } })
    expect(applied).not.toHaveProperty('rejection')
  })

  test.each([[null], [undefined], [{}]])('may be %j: nothing throws', (event) => {
    const rejection = {
      type: 'rejected',
      from: 'attempting',
      to: '(undefined)',
      reason: 'unrecognized-event',
    }
    const applied = applyJobEvent(attempting, event as never)
    expect(applied).toEqual({ ok: false, snapshot: attempting, rejection })
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
      chart.on['*'][0],
      chart.states.attempting.on.canceled[0],
      ...Object.values(chart.states),
    ]
    for (const { description } of described) expect(description).toMatch(/^[A-Z].*\.$/)
  })
})
