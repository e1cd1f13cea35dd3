import { type Call, type CallStatus, type Decision, EMPTY_CALL, observe } from 'callstate'
import type { EventItem } from '../../src/wire.ts'

/** What one event did to what is known of a call. */
export interface Step {
  readonly item: EventItem
  readonly before: Call
  readonly call: Call
}

/**
 * What was known after each event, in the order in which they came; `known` was before them. Pure.
 *
 * The decisions are those of the server, which knows the provider's habits; what is known does not
 * depend on them. What an XState machine refused has changed nothing, nor has what tells no status.
 */
export function stepsOf(events: readonly EventItem[], known: Call = EMPTY_CALL): readonly Step[] {
  let before = known
  return events.map((item) => {
    const { event, decision, refused } = item
    const isFolded = refused === undefined && decision !== null && event !== null
    const call = isFolded ? observe(before, event).call : before
    const step = { item, before, call }
    before = call
    return step
  })
}

/**
 * The number of the step that is looked at, 1 for the first: the one asked for, or the last where none
 * was or there are fewer; 0 where there are none. Pure.
 */
export function placeOfStep(wanted: number | null, steps: readonly Step[]): number {
  return wanted === null ? steps.length : Math.min(Math.max(wanted, 1), steps.length)
}

/** The step to ask for so that the place is looked at, or the nearest one; null for the last. Pure. */
export function stepAt(place: number, steps: readonly Step[]): number | null {
  return place >= steps.length ? null : Math.max(place, 1)
}

/** What an event did, in a word. */
export type Effect = Decision['kind'] | 'refused' | 'data' | 'rebuilt'

/** What an event did, in a word. Pure. */
export function effectOf({ event, decision, refused }: EventItem): Effect {
  if (refused !== undefined) return 'refused'
  if (decision !== null) return decision.kind
  return event === null ? 'rebuilt' : 'data'
}

/** Two statuses of one attempt that no legal path holds together, or a move that was refused. */
export interface Conflict {
  readonly attempt: number
  readonly status: CallStatus
  readonly conflictsWith: CallStatus
}

/** The conflicts that had been found by then, and the moves that had been refused. Pure. */
export function conflictsOf(steps: readonly Step[]): readonly Conflict[] {
  return steps.flatMap(({ item: { decision, event, refused }, before }) => {
    if (refused !== undefined) {
      const status = event?.status ?? null
      if (status === null || before.status === null || status === before.status) return []
      return [{ attempt: before.attempt, status, conflictsWith: before.status }]
    }
    if (decision?.kind !== 'conflicting' || decision.reason === 'read-anew') return []
    const { attempt, status, conflictsWith } = decision
    return [{ attempt, status, conflictsWith }]
  })
}
