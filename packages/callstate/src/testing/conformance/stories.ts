import { type CallStatus, type Direction, TERMINAL_STATUSES } from '../../lifecycle.ts'
import { lifecycleOf, pathIn, startsOf } from '../../own-lifecycle.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Moment, StoryFacts } from '../../providers/tell.ts'
import { eventsOf, START_AT, type TimedEvent } from '../events.ts'
import { momentsOf } from '../moments.ts'
import type { ProviderSamples } from './samples.ts'

/** Who may have placed a call. */
export const DIRECTIONS = ['outbound', 'inbound'] as const satisfies readonly Direction[]

/** A story of a provider's call: one attempt or more. */
export interface Story {
  readonly events: readonly TimedEvent[]
  readonly direction: Direction
}

/** Everything that can be known of an attempt at its end; nobody's. */
const FACTS: Partial<StoryFacts> = {
  ringMs: 4_000,
  talkMs: 42_000,
  hangupBy: 'callee',
  voicemail: false,
  cost: 12.5,
  recordingUrl: 'https://recordings.example/call-1.mp3',
  transcript: 'assistant: This is an invented call.\nuser: Good morning.',
  extraction: { interested: true },
}

/** The moments of a story, with all that can be known at its ends. */
export function momentsIn(
  { events, direction }: Story,
  { callId = 'call-1' }: ProviderSamples,
): readonly Moment[] {
  return momentsOf(events, { callId, direction, facts: FACTS })
}

/** Whole seconds, since some providers write no others. */
const STEP_MS = 7_000

/** One attempt that takes this path. */
export function storyOf(path: readonly CallStatus[], direction: Direction): Story {
  return { events: eventsOf(path, { stepMs: STEP_MS }), direction }
}

/** For each status and direction a shortest story that comes to it, where there is one. */
export function shortestStories(provider: Provider): readonly Story[] {
  const lifecycle = lifecycleOf(provider)
  return DIRECTIONS.flatMap((direction) =>
    Object.keys(lifecycle).flatMap((status) => {
      const path = pathIn(lifecycle, startsOf(direction, provider), status)
      return path === null ? [] : [storyOf(path, direction)]
    }),
  )
}

const RETRIED: readonly CallStatus[] = ['busy', 'no-answer', 'failed', 'error']

/** A call whose first attempt came to nothing; null where nothing of this provider can be tried again. */
export function retriedStory(provider: Provider): Story | null {
  const lifecycle = lifecycleOf(provider)
  const starts = startsOf('outbound', provider)
  const pathTo = (status: CallStatus | undefined) =>
    status === undefined ? null : pathIn(lifecycle, starts, status)
  const first = pathTo(RETRIED.find((status) => pathTo(status) !== null))
  const second = pathTo(TERMINAL_STATUSES.find((status) => pathTo(status) !== null))
  if (first === null || second === null) return null
  const startAt = START_AT + 60 * 60_000
  return {
    direction: 'outbound',
    events: [
      ...eventsOf(first, { stepMs: STEP_MS }),
      ...eventsOf(second, { attempt: 2, startAt, stepMs: STEP_MS }),
    ],
  }
}
