import type { CallStatus, Direction, StatusGroup, TerminalStatus } from '../lifecycle.ts'
import { groupOf } from '../status.ts'
import { timeOf } from './provider-time.ts'

/** What `callMachine` may be told at its start; everything is optional. */
export interface CallMachineInput {
  /** Who placed the call; `outbound` by default. */
  readonly direction?: Direction
  /** Whether calling guardrails, such as allowed hours, are configured; false by default. */
  readonly guardrailsConfigured?: boolean
  /** Number of the attempt, 1 (the default) for the first. */
  readonly attempt?: number
  /** The provider's time of the status at the start, in milliseconds since 1970; null by default. */
  readonly occurredAt?: number | null
}

/** What the machine keeps beside the status. Plain data. */
export interface CallMachineContext {
  readonly direction: Direction
  readonly guardrailsConfigured: boolean
  readonly attempt: number
  /** The provider's time of the current status, in milliseconds since 1970; null where unknown. */
  readonly occurredAt: number | null
}

/** An event of `callMachine`: the attempt takes on the status that is the event's type. */
export type CallMachineEvent = {
  [Status in CallStatus]: {
    readonly type: Status
    /** The provider's time in milliseconds since 1970; left out or null where unknown. */
    readonly occurredAt?: number | null
  }
}[CallStatus]

/** How an attempt ended: what an ended machine gives to whoever started it. Plain data. */
export interface CallOutput {
  readonly status: TerminalStatus
  readonly group: StatusGroup
  readonly attempt: number
  /** The provider's time of the end, in milliseconds since 1970; null where unknown. */
  readonly occurredAt: number | null
}

/** The context at the start. A time that is no number counts as unknown. Pure. */
export function contextOf(input: CallMachineInput = {}): CallMachineContext {
  return {
    direction: input.direction ?? 'outbound',
    guardrailsConfigured: input.guardrailsConfigured ?? false,
    attempt: input.attempt ?? 1,
    occurredAt: timeOf(input),
  }
}

/** The output of an attempt that ended so. Pure. */
export function outputOf(status: TerminalStatus, context: CallMachineContext): CallOutput {
  const { attempt, occurredAt } = context
  return { status, group: groupOf(status), attempt, occurredAt }
}
