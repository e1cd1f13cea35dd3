import { assign, type SnapshotFrom, setup } from 'xstate'
import type { TerminalStatus } from '../lifecycle.ts'
import { mayRetry, type RetryPolicy, retryDelayMs } from '../retry-policy.ts'
import {
  type AttemptEnded,
  type CallJobEvent,
  type CallJobRejection,
  jobRefusal,
  jobRejection,
} from './job-event.ts'
import { mendRestored } from './mend-restored.ts'
import { timeOf } from './provider-time.ts'
import { reportRefusals } from './report-refusals.ts'

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
  readonly retryAt: number | null
  /** Whether the job was called off: no attempt follows the one that goes on. */
  readonly canceled: boolean
}

/** What `callJobMachine` emits. */
export type CallJobEmitted =
  | CallJobRejection
  /** Attempt number `attempt` is to follow at `retryAt`; see `CallJobContext`. */
  | { readonly type: 'retry-planned'; readonly attempt: number; readonly retryAt: number | null }
  /** The job is over: attempt number `attempt` was the last and ended with `status`. */
  | { readonly type: 'settled'; readonly attempt: number; readonly status: TerminalStatus }

/** How a job ended: what a settled job gives to whoever started it. Plain data. */
export interface CallJobOutput {
  /** How the last attempt ended. */
  readonly status: TerminalStatus
  /** How many attempts the call had: the number of the last one. */
  readonly attempts: number
  /** The attempts that the job saw end, the first one first. */
  readonly ended: readonly EndedAttempt[]
  /** Whether the job was called off. */
  readonly canceled: boolean
}

const guarded = setup({
  types: {
    context: {} as CallJobContext,
    events: {} as CallJobEvent,
    input: {} as CallJobInput | undefined,
    output: {} as CallJobOutput,
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
    planRetry: guarded.assign(({ context }) => ({ retryAt: retryTime(context) })),
    announceRetry: guarded.emit(({ context }) => ({
      type: 'retry-planned',
      attempt: context.attempt + 1,
      retryAt: context.retryAt,
    })),
    forgetPlan: guarded.assign({ retryAt: null }),
    openAttempt: guarded.assign({ attempt: ({ context }) => context.attempt + 1 }),
    callOff: guarded.assign({ canceled: true }),
    announceEnd: guarded.emit(({ context }) => {
      const { attempt, status } = lastEnd(context)
      return { type: 'settled', attempt, status }
    }),
  },
})

/**
 * All attempts of one call as an XState machine: an attempt goes on, the next one is waited for, or
 * the job is settled. The guard `mayRetry` asks the policy (Bolna's `retry_config`, Dialgen's
 * `retryStrategy`), whose word counts: that a provider never retries `canceled` or `stopped` is in the
 * policies that it reads, which do not name them.
 *
 * It has no clock: `retry-planned` is emitted with the time at which the next attempt is due, and
 * whoever opens that attempt, or hears of it, sends `attempt-opened`. Its output is a `CallJobOutput`.
 *
 * `snapshot.can(event)` says whether an event would be taken. One that is not changes nothing and is
 * emitted as a `CallJobRejection`; `applyJobEvent` also answers once the job is settled.
 *
 * @example
 * const actor = createActor(callJobMachine, { input: { policy } }).start()
 * actor.on('retry-planned', ({ attempt, retryAt }) => remind(attempt, retryAt))
 * actor.send({ type: 'attempt-ended', status: 'busy', occurredAt: 1_767_225_600_000 })
 * actor.getSnapshot().value // 'waiting-for-retry'
 */
export const callJobMachine = /* @__PURE__ */ createCallJobMachine()

/** A snapshot of `callJobMachine`. */
export type CallJobSnapshot = SnapshotFrom<typeof callJobMachine>

/** Why `callJobMachine` refuses an event that it refuses. Pure. */
export function explainJobRefusal(snapshot: Chart, event: CallJobEvent): CallJobRejection {
  const { value, context } = snapshot
  return jobRejection(value, event, jobRefusal(value, context.attempt, event) ?? 'guard')
}

function createCallJobMachine() {
  const machine = createChart()
  mendRestored(machine, withNewNames)
  reportRefusals(machine, explainJobRefusal)
  return machine
}

function createChart() {
  return jobSetup.createMachine({
    id: 'call-job',
    description: 'All attempts of one call.',
    initial: 'attempting',
    context: ({ input }) => ({
      policy: input?.policy ?? null,
      attempt: input?.attempt ?? 1,
      ended: [],
      retryAt: null,
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
    output: ({ context }) => outputOf(context),
  })
}

/** A snapshot as the chart types it, before the machine that is made of it has a name. */
type Chart = SnapshotFrom<ReturnType<typeof createChart>>

function endOf(attempt: number, end: AttemptEnded): EndedAttempt {
  const { status, voicemail = false } = end
  return { attempt, status, voicemail, occurredAt: timeOf(end) }
}

function lastEnd(context: CallJobContext): EndedAttempt {
  return context.ended.at(-1) as EndedAttempt
}

function retryTime(context: CallJobContext): number | null {
  const end = lastEnd(context)
  const { occurredAt } = end
  return occurredAt === null ? null : occurredAt + retryDelayMs(context.policy as RetryPolicy, end)
}

function outputOf(context: CallJobContext): CallJobOutput {
  const { attempt, ended, canceled } = context
  return { status: lastEnd(context).status, attempts: attempt, ended, canceled }
}

/** What release 0.1 persisted calls the time of the next attempt `dueAt` and has no output. */
function withNewNames(restored: Chart): Chart {
  const context = renamed(restored.context)
  return restored.status === 'done'
    ? { ...restored, context, output: restored.output ?? outputOf(context) }
    : { ...restored, context }
}

function renamed(context: CallJobContext & { readonly dueAt?: number | null }): CallJobContext {
  const { dueAt = null, retryAt = dueAt, ...rest } = context
  return { ...rest, retryAt }
}
