import { type CallStatus, TERMINAL_STATUSES, type TerminalStatus } from '../../lifecycle.ts'
import { lifecycleOf, pathIn, startsOf } from '../../own-lifecycle.ts'
import type { FinalField, SaidFields } from '../../providers/final-data.ts'
import { finalFieldsIn } from '../../providers/final-fields-in.ts'
import type { ProviderEvent } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Moment } from '../../providers/tell.ts'
import { partsOf } from './final-data.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'
import { DIRECTIONS, momentsIn, type Story, shortestStories, storyOf } from './stories.ts'
import { readTold } from './told.ts'

/** What it tells of ends, and whether that is final; none where it tells nothing. */
export function finalTellingChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  if (provider.tell === null) return []
  return [
    {
      name: 'what it tells of an end holds the data that are expected then',
      proves: 'that who waits for the final cost or recording waits for something that comes',
      run: () => expectedIsTold(provider, samples),
    },
    {
      name: 'what it tells of an end is final where it says so, and no part of it',
      proves: 'that nobody is billed by what is still counted',
      run: () => finalIsWhole(provider, samples),
    },
  ]
}

/** The end of a story with what is told of it. */
interface ToldEnd {
  readonly end: TerminalStatus
  readonly moment: Moment
  readonly isConnected: boolean
  /** By message of the end: what it says. */
  readonly said: readonly SaidFields[]
  /** What messages that bring data say, whenever they come: they are taken for final. */
  readonly beside: readonly SaidFields[]
}

async function expectedIsTold(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const { end, isConnected, said, beside } of await toldEnds(provider, samples)) {
    const { expected = [], expectedIfConnected = [] } = provider.habits.final[end] ?? {}
    const fields = isConnected ? [...expected, ...expectedIfConnected] : expected
    const missing = fields.find((field) => ![...said, ...beside].some((one) => field in one))
    if (missing === undefined) continue
    const after = isConnected ? ' of a call that was up' : ''
    fail(
      provider,
      `nothing that it tells of ${end}${after} says ${missing}, which is expected then`,
    )
  }
}

async function finalIsWhole(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const { end, moment, isConnected, said, beside } of await toldEnds(provider, samples)) {
    for (const field of provider.habits.final[end]?.final ?? []) {
      const should = truthOf(field, moment)
      const isTrue = (is: unknown) =>
        is === undefined ||
        should === undefined ||
        is === should ||
        // What was never up may cost nothing, whatever the story says.
        (is === 0 && !isConnected)
      const partial = said.map((one) => saidOf(field, one)).find((is) => !isTrue(is))
      if (partial !== undefined) {
        fail(
          provider,
          `what it tells of ${end} says ${partial} as its final ${field}, and ${should} is true`,
        )
      }
      const early = beside.map((one) => saidOf(field, one)).find((is) => !isTrue(is))
      if (early === undefined) continue
      const what = `a message without a status that it tells in a call that becomes ${end}`
      fail(
        provider,
        `${what} says ${early} as ${field}, and ${should} is true; data are taken for final`,
      )
    }
  }
}

function saidOf(field: FinalField, said: SaidFields): unknown {
  return field === 'cost' ? said.cost?.amount : said[field]
}

/** What the story has; undefined for what a provider words in its own way. */
function truthOf(field: FinalField, { facts }: Moment): unknown {
  switch (field) {
    case 'durationMs':
      return facts.talkMs ?? undefined
    case 'cost':
      return facts.cost ?? undefined
    case 'hangupBy':
      return facts.hangupBy ?? undefined
    case 'voicemail':
      return facts.voicemail ?? undefined
    case 'recording':
    case 'transcript':
    case 'extraction':
    case 'reason':
      return undefined
    default:
      return field satisfies never
  }
}

async function toldEnds(provider: Provider, samples: ProviderSamples): Promise<readonly ToldEnd[]> {
  const ends: ToldEnd[] = []
  for (const story of [...shortestStories(provider), ...connectedStories(provider)]) {
    const moments = momentsIn(story, samples)
    const moment = moments.at(-1)
    const end = TERMINAL_STATUSES.find((status) => status === moment?.status)
    if (moment === undefined || end === undefined) continue
    const said = await saidWith(provider, [moment], ({ status }) => status === end)
    const beside = await saidWith(provider, moments, 'data')
    const isConnected = moment.steps.some(({ status }) => UP.includes(status))
    // Of what it never tells nothing can be missed.
    if (said.length > 0) ends.push({ end, moment, isConnected, said, beside })
  }
  return ends
}

/** What the told messages with such events say, or those that bring data. */
async function saidWith(
  provider: Provider,
  moments: readonly Moment[],
  wanted: 'data' | ((event: Pick<ProviderEvent, 'status'>) => boolean),
): Promise<readonly SaidFields[]> {
  const said: SaidFields[] = []
  for (const moment of moments) {
    for (const kind of ['webhook', 'record'] as const) {
      for (const { message, reading } of await readTold(provider, moment, kind)) {
        const isData = reading.ok && reading.type === 'data'
        for (const { event, body } of partsOf('', message, reading)) {
          const isWanted = wanted === 'data' ? isData : !isData && wanted(event)
          if (isWanted) said.push(finalFieldsIn(provider, event, body))
        }
      }
    }
  }
  return said
}

const UP: readonly CallStatus[] = ['in-progress', 'call-disconnected']

/** For each end a shortest story in which the line was up, where there is one. */
function connectedStories(provider: Provider): readonly Story[] {
  const lifecycle = lifecycleOf(provider)
  return DIRECTIONS.flatMap((direction) => {
    const toUp = pathIn(lifecycle, startsOf(direction, provider), 'in-progress')
    if (toUp === null) return []
    return TERMINAL_STATUSES.flatMap((end) => {
      const onward = pathIn(lifecycle, ['in-progress'], end)
      return onward === null ? [] : [storyOf([...toUp, ...onward.slice(1)], direction)]
    })
  })
}
