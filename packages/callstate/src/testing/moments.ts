import type { CallStatus, Direction } from '../lifecycle.ts'
import type { Moment, Step, StoryFacts } from '../providers/tell.ts'
import { isTerminal } from '../status.ts'
import type { TimedEvent } from './events.ts'

/** Of whom a story tells, and what is true of its attempts when they end. */
export interface StoryOptions {
  readonly callId: string
  readonly direction: Direction
  /** What is known once an attempt has ended; by default nothing but the two numbers. */
  readonly facts?: Partial<StoryFacts>
}

/**
 * The moments of a call: what a provider makes its messages of. Each has every step so far, and the facts
 * that are known by then: how long it rang and how long was talked follow from the times, who hung up and
 * whether a machine answered from the details of the events; `facts` come with the ends. Pure.
 *
 * @example
 * const moments = momentsOf(eventsOf(['ringing', 'busy']), { callId: 'call-1', direction: 'outbound' })
 * moments.map(({ status }) => status) // ['ringing', 'busy']
 */
export function momentsOf(
  events: readonly TimedEvent[],
  { callId, direction, facts = {} }: StoryOptions,
): readonly Moment[] {
  const steps = events.map(
    ({ attempt, status, occurredAt }): Step => ({ attempt, status, occurredAt }),
  )
  return events.map((event, place) => {
    const { attempt, status, occurredAt } = event
    const soFar = steps.slice(0, place + 1)
    const known = isTerminal(status) ? facts : { from: facts.from, to: facts.to }
    return {
      callId,
      direction,
      attempt,
      status,
      occurredAt,
      steps: soFar,
      facts: { ...NUMBERS, ...withValue(known), ...factsAt(event, soFar) },
    }
  })
}

/** Nobody's: 555-01xx is kept for stories. */
const NUMBERS: StoryFacts = { from: '+12025550100', to: '+12025550101' }

/** What the steps and the details say. */
function factsAt({ attempt, details }: TimedEvent, soFar: readonly Step[]): Partial<StoryFacts> {
  const steps = soFar.filter((step) => step.attempt === attempt)
  return withValue({
    ringMs: lasted(steps, 'ringing'),
    talkMs: lasted(steps, 'in-progress'),
    hangupBy: details?.hangupBy,
    voicemail: details?.voicemail,
    scheduledFor: details?.scheduledFor,
  })
}

/** How long an attempt had this status; undefined where it had not, or still has. */
function lasted(steps: readonly Step[], status: CallStatus): number | undefined {
  const place = steps.findIndex((step) => step.status === status)
  const [since, until] = [steps[place], steps[place + 1]]
  return since === undefined || until === undefined
    ? undefined
    : until.occurredAt - since.occurredAt
}

/** Without what is not known. */
function withValue(facts: { readonly [Key in keyof StoryFacts]?: StoryFacts[Key] | undefined }) {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined)
  const known: Partial<StoryFacts> = Object.fromEntries(entries)
  return known
}
