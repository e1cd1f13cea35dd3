/** How a move is known: `stated` by the provider's documents; `observed`: stated, and seen in public records of real calls; `inferred`: our reading. */
export type Mark = 'stated' | 'observed' | 'inferred'

/** Whether a status ends its attempt. */
export type StatusClass = 'intermediate' | 'terminal'

/** Where in the life of one attempt a status stands. */
export type Phase = 'waiting' | 'dialing' | 'connected' | 'wrapping-up' | 'ended'

/** The heading under which Bolna's status list files a status; `scheduled` and `prepared` stand under none. */
export type StatusGroup = 'successful' | 'unanswered' | 'unsuccessful'

/** How one legal move is known, and the address of the document; null for our own reading. */
export interface Move {
  readonly mark: Mark
  readonly source: string | null
}

interface StatusEntry {
  /**
   * The permanent number of the status: bit `1 << number` stands for it in the records of a call, which are
   * stored. From 0 to 30, in no order that means anything, and never given to another status.
   */
  readonly number: number
  readonly class: StatusClass
  readonly phase: Phase
  readonly group: StatusGroup | null
  readonly next: { readonly [to: string]: Move }
}

const STATUS_LIST = 'https://www.bolna.ai/docs/list-phone-call-status'
const STOP_API = 'https://github.com/bolna-ai/skills/blob/main/references/openapi.yml'
const GUARDRAILS = 'https://www.bolna.ai/docs/outbound/calling-guardrails'

const reading = { mark: 'inferred', source: null } as const
const drawn = { mark: 'observed', source: STATUS_LIST } as const

/**
 * The lifecycle of one attempt of a call: every status, its class, phase and group, and every legal
 * move with the mark and the source of our knowledge of it. Everything else (types, validation, the
 * machine, diagrams, the tables in the documentation) is derived from this object.
 *
 * Classes are those of Bolna's errors page, which calls `call-disconnected` a soft terminal: the
 * line is down, the data is not final yet.
 *
 * @example
 * LIFECYCLE.queued.next.initiated.mark // 'observed'
 */
export const LIFECYCLE = {
  scheduled: {
    number: 0,
    class: 'intermediate',
    phase: 'waiting',
    group: null,
    next: {
      queued: {
        mark: 'stated',
        source: 'https://github.com/bolna-ai/skills/blob/main/references/call-statuses.md',
      },
      rescheduled: reading,
      initiated: reading,
      'balance-low': reading,
      canceled: reading,
      failed: reading,
      stopped: { mark: 'stated', source: STOP_API },
      error: reading,
    },
  },
  prepared: {
    number: 1,
    class: 'intermediate',
    phase: 'waiting',
    group: null,
    next: {
      queued: { mark: 'stated', source: 'https://www.bolna.ai/docs/api-reference/errors' },
      'balance-low': reading,
      canceled: reading,
      failed: reading,
      stopped: reading,
      error: reading,
    },
  },
  queued: {
    number: 2,
    class: 'intermediate',
    phase: 'waiting',
    group: 'successful',
    next: {
      rescheduled: { mark: 'stated', source: GUARDRAILS },
      initiated: drawn,
      'balance-low': { mark: 'stated', source: STATUS_LIST },
      canceled: reading,
      failed: reading,
      stopped: { mark: 'stated', source: STOP_API },
      error: reading,
    },
  },
  rescheduled: {
    number: 3,
    class: 'intermediate',
    phase: 'waiting',
    group: 'successful',
    next: {
      scheduled: reading,
      queued: { mark: 'stated', source: GUARDRAILS },
      initiated: reading,
      'balance-low': reading,
      canceled: reading,
      failed: reading,
      stopped: reading,
      error: reading,
    },
  },
  initiated: {
    number: 4,
    class: 'intermediate',
    phase: 'dialing',
    group: 'successful',
    next: {
      ringing: drawn,
      'in-progress': reading,
      busy: reading,
      'no-answer': reading,
      canceled: reading,
      failed: reading,
      stopped: reading,
      error: reading,
    },
  },
  ringing: {
    number: 5,
    class: 'intermediate',
    phase: 'dialing',
    group: 'successful',
    next: {
      'in-progress': drawn,
      busy: drawn,
      'no-answer': drawn,
      canceled: reading,
      failed: reading,
      stopped: reading,
      error: reading,
    },
  },
  'in-progress': {
    number: 6,
    class: 'intermediate',
    phase: 'connected',
    group: 'successful',
    next: { 'call-disconnected': drawn, failed: reading, stopped: reading, error: reading },
  },
  'call-disconnected': {
    number: 7,
    class: 'intermediate',
    phase: 'wrapping-up',
    group: 'successful',
    next: { completed: drawn, error: reading },
  },
  completed: { number: 8, class: 'terminal', phase: 'ended', group: 'successful', next: {} },
  'balance-low': { number: 9, class: 'terminal', phase: 'ended', group: 'unanswered', next: {} },
  busy: { number: 10, class: 'terminal', phase: 'ended', group: 'unanswered', next: {} },
  'no-answer': { number: 11, class: 'terminal', phase: 'ended', group: 'unanswered', next: {} },
  canceled: { number: 12, class: 'terminal', phase: 'ended', group: 'unsuccessful', next: {} },
  failed: { number: 13, class: 'terminal', phase: 'ended', group: 'unsuccessful', next: {} },
  stopped: { number: 14, class: 'terminal', phase: 'ended', group: 'unsuccessful', next: {} },
  error: { number: 15, class: 'terminal', phase: 'ended', group: 'unsuccessful', next: {} },
} as const satisfies Record<string, StatusEntry>

type Table = typeof LIFECYCLE

/** One of the statuses of an attempt. */
export type CallStatus = keyof Table

/** The statuses that may legally follow `From` in one move. */
export type NextStatus<From extends CallStatus> = From extends CallStatus
  ? keyof Table[From]['next']
  : never

/** The statuses of the class `Class`. */
export type StatusOfClass<Class extends StatusClass> = {
  [S in CallStatus]: Table[S]['class'] extends Class ? S : never
}[CallStatus]

/** The eight statuses that end an attempt. */
export type TerminalStatus = StatusOfClass<'terminal'>

/** The eight statuses after which an attempt goes on, `call-disconnected` among them. */
export type IntermediateStatus = StatusOfClass<'intermediate'>

/** Every status, in the order of the table: waiting, dialing, connected, wrapping up, ended. */
export const CALL_STATUSES: readonly CallStatus[] = /* @__PURE__ */ Object.keys(
  LIFECYCLE,
) as CallStatus[]

/** The statuses that end an attempt, in the order of the table. */
export const TERMINAL_STATUSES: readonly TerminalStatus[] = /* @__PURE__ */ CALL_STATUSES.filter(
  (status): status is TerminalStatus => LIFECYCLE[status].class === 'terminal',
)

/**
 * The statuses at which an attempt may begin, the usual one first. Outbound: all three are stated by the provider.
 * Inbound: Bolna says such a call starts at step 3 of its call flow, which is `in-progress`; that
 * `ringing` may come before is our reading.
 */
export const START_STATUSES = {
  outbound: ['queued', 'scheduled', 'prepared'],
  inbound: ['in-progress', 'ringing'],
} as const satisfies Record<string, readonly CallStatus[]>

/** Who placed the call: our side (`outbound`) or the person (`inbound`). */
export type Direction = keyof typeof START_STATUSES
