import { assign, type SnapshotFrom, setup, stateIn } from 'xstate'
import type { TerminalStatus } from '../lifecycle.ts'
import { mayRetry, type RetryPolicy, retryDelayMs } from '../retry-policy.ts'
import {
  type AttemptEnded,
  type CallJobEvent,
  type CallJobRefusal,
  type CallJobRejection,
  type CallJobState,
  jobRefusal,
  jobRejection,
} from './job-event.ts'
import { timeOf } from './provider-time.ts'

/** An attempt of the job that is over. Plain data. */
export interface EndedAttempt {
  readonly attempt: number
  readonly status: TerminalStatus
  /** Whether a machine answered. */
  readonly voicemail: boolean
  /** The provider's time of the end, in milliseconds since 1970; null where unknown. */
  readonly occurredAt: number | null
}

/** What `callJobMachine` may be told at its start; everything is optional. */
export interface CallJobInput {
  /** When another attempt follows an ended one; without a policy none does. */
  readonly policy?: RetryPolicy | null
  /** Number of the attempt that goes on, 1 (the default) for the first. */
  readonly attempt?: number
}

/** What the job machine keeps beside its state. Plain data. */
export interface CallJobContext {
  readonly policy: RetryPolicy | null
  /** Number of the attempt that goes on, or else of the one that ended last. */
  readonly attempt: number
  /** The attempts that are over, the first one first. */
  readonly ended: readonly EndedAttempt[]
  /**
   * The planned time of the next attempt, in milliseconds since 1970; null where none is waited for,
   * or where the end before it had no time.
   */
  readonly dueAt: number | null
  /** Whether the job was called off: no attempt follows the one that goes on. */
  readonly canceled: boolean
}

/** What `callJobMachine` emits. */
export type CallJobEmitted =
  | CallJobRejection
  /** Attempt number `attempt` is to follow at `dueAt`; see `CallJobContext`. */
  | { readonly type: 'retry-planned'; readonly attempt: number; readonly dueAt: number | null }
  /** The job is over: attempt number `attempt` was the last and ended with `status`. */
  | { readonly type: 'settled'; readonly attempt: number; readonly status: TerminalStatus }

const guarded = setup({
  types: {
    context: {} as CallJobContext,
    events: {} as CallJobEvent,
    input: {} as CallJobInput | undefined,
    emitted: {} as CallJobEmitted,
  },
  guards: {
    endsAttempt: ({ context, event }) => jobRefusal('attempting', context.attempt, event) === null,
    mayRetry: ({ context, event }, { status, voicemail = false }: AttemptEnded) =>
      jobRefusal('attempting', context.attempt, event) === null &&
      !context.canceled &&
      context.policy !== null &&
      mayRetry(context.policy, { attempt: context.attempt, status, voicemail }),
    opensNextAttempt: ({ context, event }) =>
      jobRefusal('waiting-for-retry', context.attempt, event) === null,
  },
})

const jobSetup = guarded.extend({
  actions: {
    recordEnd: assign(({ context }, end: AttemptEnded) => ({
      ended: [...context.ended, endOf(context.attempt, end)],
    })),
    planRetry: guarded.assign(({ context }) => ({ dueAt: retryAt(context) })),
    announceRetry: guarded.emit(({ context }) => ({
      type: 'retry-planned',
      attempt: context.attempt + 1,
      dueAt: context.dueAt,
    })),
    forgetPlan: guarded.assign({ dueAt: null }),
    openAttempt: guarded.assign({ attempt: ({ context }) => context.attempt + 1 }),
    callOff: guarded.assign({ canceled: true }),
    announceEnd: guarded.emit(({ context }) => {
      const { attempt, status } = lastEnd(context)
      return { type: 'settled', attempt, status }
    }),
    reject: guarded.enqueueActions(({ context, event, check, enqueue }) => {
      const from = JOB_STATES.find((state) => check(stateIn(state))) as CallJobState
      const reason = jobRefusal(from, context.attempt, event) as CallJobRefusal
      enqueue.emit(jobRejection(from, event, reason))
    }),
  },
})

/**
 * All attempts of one call as an XState machine: an attempt goes on, the next one is waited for, or
 * the job is settled. The guard `mayRetry` asks the policy (Bolna's `retry_config`, Dialgen's
 * `retryStrategy`); `canceled`, `stopped` and `balance-low` are never retried.
 *
 * It has no clock: `retry-planned` is emitted with the time at which the next attempt is due, and
 * whoever opens that attempt, or hears of it, sends `attempt-opened`. A refused event changes nothing
 * and is emitted as a `CallJobRejection`; `applyJobEvent` also answers once the job is settled. As for
 * `callMachine`, `snapshot.can` is always true and `xstate/graph` has to be told the events.
 *
 * @example
 * const actor = createActor(callJobMachine, { input: { policy } }).start()
 * actor.on('retry-planned', ({ attempt, dueAt }) => remind(attempt, dueAt))
 * actor.send({ type: 'attempt-ended', status: 'busy', occurredAt: 1_767_225_600_000 })
 * actor.getSnapshot().value // 'waiting-for-retry'
 */
export const callJobMachine = jobSetup.createMachine({
  id: 'call-job',
  description: 'All attempts of one call.',
  initial: 'attempting',
  context: ({ input }) => ({
    policy: input?.policy ?? null,
    attempt: input?.attempt ?? 1,
    ended: [],
    dueAt: null,
    canceled: false,
  }),
  states: {
    attempting: {
      description: 'An attempt goes on, from its first waiting status to its end.',
      on: {
        'attempt-ended': [
          {
            guard: { type: 'mayRetry', params: ({ event }) => event },
            target: 'waiting-for-retry',
            actions: { type: 'recordEnd', params: ({ event }) => event },
          },
          {
            guard: 'endsAttempt',
            target: 'settled',
            actions: { type: 'recordEnd', params: ({ event }) => event },
          },
        ],
        canceled: { actions: 'callOff', description: 'This attempt becomes the last.' },
      },
    },
    'waiting-for-retry': {
      description: 'The attempt has ended; the policy wants another one.',
      entry: ['planRetry', 'announceRetry'],
      exit: 'forgetPlan',
      on: {
        'attempt-opened': {
          guard: 'opensNextAttempt',
          target: 'attempting',
          actions: 'openAttempt',
        },
        canceled: { target: 'settled', actions: 'callOff' },
      },
    },
    settled: {
      type: 'final',
      description: 'Over for good: no attempt follows.',
      entry: 'announceEnd',
    },
  },
  on: {
    '*': {
      actions: 'reject',
      description: 'Whatever does not fit the state changes nothing and is emitted as rejected.',
    },
  },
})

/** A snapshot of `callJobMachine`. */
export type CallJobSnapshot = SnapshotFrom<typeof callJobMachine>

const JOB_STATES: readonly CallJobState[] = ['attempting', 'waiting-for-retry', 'settled']

function endOf(attempt: number, end: AttemptEnded): EndedAttempt {
  const { status, voicemail = false } = end
  return { attempt, status, voicemail, occurredAt: timeOf(end) }
}

function lastEnd(context: CallJobContext): EndedAttempt {
  return context.ended.at(-1) as EndedAttempt
}

function retryAt(context: CallJobContext): number | null {
  const end = lastEnd(context)
  const { occurredAt } = end
  return occurredAt === null ? null : occurredAt + retryDelayMs(context.policy as RetryPolicy, end)
}
