import type { Call } from '../../call.ts'
import type { CallStatus } from '../../lifecycle.ts'
import { observe } from '../../observe.ts'
import type { MessageKind, ProviderEvent } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Moment } from '../../providers/tell.ts'
import { phaseOf } from '../../status.ts'
import { allLegalPaths } from '../legal-path.ts'
import { whatIsWrongWithReading } from './event.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'
import {
  DIRECTIONS,
  momentsIn,
  retriedStory,
  type Story,
  shortestStories,
  storyOf,
} from './stories.ts'
import { readTold } from './told.ts'

/** What the provider tells of calls; none where that is not known. */
export function tellingChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  if (provider.tell === null) return []
  return [
    {
      name: 'what it tells of its legal paths, in webhooks and in records, is read back as the same paths',
      proves:
        'that `tell` and `read` are of one piece: what tests and the emulator send is the story',
      run: () => pathsAreReadBack(provider, samples),
    },
    {
      name: 'what it tells in lists and replies is read back as the same step',
      proves: 'the same of what is answered to other questions',
      run: () => othersAreReadBack(provider, samples),
    },
    {
      name: 'the statuses of which it tells nothing are listed',
      proves: 'that a reader knows which statuses are heard of only by asking, or never',
      run: () => untoldIsListed(provider, samples),
    },
    {
      name: 'telling changes nothing and gives the same messages each time',
      proves: 'that a story may be told again, by anybody, with the same result',
      run: () => tellingIsPure(provider, samples),
    },
  ]
}

/** Long enough for every status and every move, short enough for a test. */
const MAX_LENGTH = 7

/** In these a whole call can be told. */
const WHOLE = ['webhook', 'record'] as const satisfies readonly MessageKind[]

async function pathsAreReadBack(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const direction of DIRECTIONS) {
    for (const path of allLegalPaths({ provider, direction, maxLength: MAX_LENGTH })) {
      for (const kind of WHOLE) {
        await mustBeReadBack(provider, samples, storyOf(path, direction), kind)
      }
    }
  }
  const retried = retriedStory(provider)
  if (retried === null) return
  for (const kind of WHOLE) await mustBeReadBack(provider, samples, retried, kind)
}

async function mustBeReadBack(
  provider: Provider,
  samples: ProviderSamples,
  story: Story,
  kind: MessageKind,
): Promise<void> {
  let call: Call | undefined
  for (const moment of momentsIn(story, samples)) {
    const events = await eventsOfTold(provider, moment, kind)
    for (const event of events) {
      // Which attempt it is of is said by others, if by anybody.
      if (moment.attempt > 1 && (event.attempt ?? null) === null) continue
      const { call: next, decision } = observe(call, event, { provider })
      if (decision.kind === 'conflicting') {
        const { conflictsWith } = decision
        fail(provider, `${where(moment, kind)} conflicts with the ${conflictsWith} before it`)
      }
      call = next
    }
    const told = events.find((event) => event.status === moment.status)
    if (told !== undefined && isPlaced(told, moment) && call?.status !== moment.status) {
      fail(provider, `${where(moment, kind)} leaves the call ${call?.status}`)
    }
  }
}

/** Whether the status now can follow from what was told: not from words that have neither time nor order. */
function isPlaced({ attempt = null, occurredAt = null }: ProviderEvent, moment: Moment): boolean {
  if (attempt === null && moment.attempt > 1) return false
  return occurredAt !== null || phaseOf(moment.status) !== 'waiting'
}

async function othersAreReadBack(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const story of shortestStories(provider)) {
    const [moment] = momentsIn(story, samples).slice(-1)
    if (moment === undefined) continue
    for (const kind of ['list-item', 'call-reply', 'stop-reply'] as const) {
      await eventsOfTold(provider, moment, kind)
    }
  }
}

/** What is told of a moment, where each event is one of the steps so far, and one is the last of them. */
async function eventsOfTold(
  provider: Provider,
  moment: Moment,
  kind: MessageKind,
): Promise<readonly ProviderEvent[]> {
  const told = await readTold(provider, moment, kind)
  for (const { reading } of told) {
    const wrong = whatIsWrongWithReading(reading, provider, kind)
    if (wrong !== null) fail(provider, `${where(moment, kind)} is answered, but ${wrong}`)
    if (!reading.ok) fail(provider, `${where(moment, kind)} is not read`)
  }
  const events = told.flatMap(({ reading }) =>
    reading.ok && reading.type === 'events' ? reading.events : [],
  )
  for (const event of events) {
    const wrong = whatIsNotTrueOf(event, moment)
    if (wrong !== null) fail(provider, `${where(moment, kind)} is read with ${wrong}`)
  }
  if (events.length > 0 && !events.some((event) => event.status === moment.status)) {
    const came = events.map(({ status, word }) => status ?? `"${word}"`).join(', ')
    fail(provider, `${where(moment, kind)} is read as ${came}`)
  }
  return events
}

/** What an event says that is not true of the story so far; null where all is true. */
function whatIsNotTrueOf(event: ProviderEvent, moment: Moment): string | null {
  const { callId, status, attempt = null, occurredAt = null } = event
  if (callId !== moment.callId) return 'another call'
  const steps = moment.steps.filter((step) => step.status === status)
  if (steps.length === 0) return `${status ?? 'no status'}, which is no step of it`
  const ofAttempt = steps.filter((step) => attempt === null || step.attempt === attempt)
  if (ofAttempt.length === 0) return `${status} in attempt ${attempt}`
  const isOfTime = ofAttempt.some((step) => occurredAt === null || step.occurredAt === occurredAt)
  return isOfTime ? null : `${status} at another time`
}

function where({ steps, direction }: Moment, kind: MessageKind): string {
  return `what it tells in a ${kind} of the ${direction} call ${steps.map(({ status }) => status).join(', ')}`
}

async function untoldIsListed(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const kind of WHOLE) {
    const statuses = new Set<CallStatus>()
    const told = new Set<CallStatus>()
    for (const story of shortestStories(provider)) {
      const [moment] = momentsIn(story, samples).slice(-1)
      if (moment === undefined) continue
      statuses.add(moment.status)
      const events = await eventsOfTold(provider, moment, kind)
      if (events.length > 0) told.add(moment.status)
    }
    // Of what cannot be asked for there are no records.
    if (kind === 'record' && told.size === 0) continue
    const untold = [...statuses].filter((status) => !told.has(status))
    const listed = samples.untold?.[kind] ?? []
    const unlisted = untold.filter((status) => !listed.includes(status))
    if (unlisted.length > 0) {
      const list = unlisted.join(', ')
      fail(provider, `in a ${kind} it tells nothing of ${list}; list them in untold.${kind}`)
    }
    const wrong = listed.filter((status) => !untold.includes(status))
    if (wrong.length > 0) {
      fail(provider, `untold.${kind} lists ${wrong.join(', ')}, of which it tells`)
    }
  }
}

function tellingIsPure(provider: Provider, samples: ProviderSamples): void {
  for (const story of shortestStories(provider)) {
    for (const moment of momentsIn(story, samples)) {
      for (const kind of WHOLE) {
        const before = JSON.stringify(moment)
        const [first, again] = [0, 1].map(() => JSON.stringify(provider.tell?.(moment, kind)))
        if (JSON.stringify(moment) !== before)
          fail(provider, `telling a ${kind} changes the moment`)
        if (first !== again) fail(provider, `a ${kind} is told in another way the second time`)
      }
    }
  }
}
