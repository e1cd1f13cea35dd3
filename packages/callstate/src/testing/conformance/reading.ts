import fc from 'fast-check'
import type { Call } from '../../call.ts'
import { observe } from '../../observe.ts'
import { textInFixedOrder } from '../../providers/fixed-order.ts'
import type { DataMessage, ProviderEvent } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import { whatIsWrongWithReading } from './event.ts'
import { whatIsWrongWithExpectation } from './expectation.ts'
import { openSamples, type ReadSample, readSamples } from './opened-samples.ts'
import {
  type ConformanceCheck,
  type EventExpectation,
  fail,
  type ProviderSamples,
  type SampleExpectation,
} from './samples.ts'

/** How the samples are read. */
export function readingChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  return [
    {
      name: 'every sample is recognized, unless its shape is ambiguous',
      proves:
        'that a log without names finds its provider, and finds it only where that is certain',
      run: () => samplesAreRecognized(provider, samples),
    },
    {
      name: 'every sample is read as expected',
      proves: 'that the reader says of each message what a person would',
      run: () => everySampleIsRead(provider, samples),
    },
    {
      name: 'reading changes nothing and gives the same answer each time',
      proves: 'that a message may be read again, by anybody, with the same result',
      run: () => readingIsPure(provider, samples),
    },
    {
      name: 'every order of the samples ends in the same calls',
      proves: 'that nothing in the events depends on what was read before',
      run: () => orderDoesNotMatter(provider, samples),
    },
  ]
}

async function samplesAreRecognized(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const { sample, message } of await openSamples(provider, samples)) {
    const { name, ambiguous } = sample
    const isRecognized = provider.recognizes(message.body)
    if (isRecognized === (ambiguous === undefined)) continue
    if (isRecognized) fail(provider, `sample "${name}" is recognized, though it is ambiguous`)
    fail(provider, `sample "${name}" is not recognized`)
  }
}

async function everySampleIsRead(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const { name, expect } of samples.messages) {
    const wrong = whatIsWrongWithExpectation(expect)
    if (wrong !== null) fail(provider, `sample "${name}" ${wrong}`)
  }
  for (const read of await readSamples(provider, samples)) {
    const { name, expect = {} } = read.sample
    const wrong =
      whatIsWrongWithReading(read.reading, provider, read.message.kind) ??
      whatIsUnexpected(read, expect)
    if (wrong !== null) fail(provider, `sample "${name}" is read, but ${wrong}`)
  }
}

function whatIsUnexpected({ reading }: ReadSample, expect: SampleExpectation): string | null {
  const { reads = 'events', events, needsAnswer = false, ...first } = expect
  if (reading.type !== reads) return `it is taken for "${reading.type}", expected "${reads}"`
  if (reading.type === 'skip') return difference(reading, first)
  if (reading.type === 'data') return difference(reading.data, first)
  if ((reading.needsAnswer ?? false) !== needsAnswer) {
    return needsAnswer ? 'it needs no answer' : 'it needs an answer; say so with needsAnswer'
  }
  const told = reading.events
  const expected = events ?? [first]
  const isCounted = events !== undefined || Object.keys(first).length > 0
  if (isCounted && told.length !== expected.length) {
    return `it tells ${told.length} events, expected ${expected.length}`
  }
  const differences = expected.map((one, place) => difference(told[place] ?? {}, one))
  return differences.find((why) => why !== null) ?? null
}

/** The first key that is not as expected. */
function difference(
  came: Partial<ProviderEvent> | Partial<DataMessage>,
  expected: EventExpectation,
): string | null {
  const said: EventExpectation = came
  for (const key of Object.keys(expected) as (keyof EventExpectation)[]) {
    const [is, should] = [said[key] ?? null, expected[key] ?? null]
    if (is !== should) return `${key} is ${is}, expected ${should}`
  }
  return null
}

async function readingIsPure(provider: Provider, samples: ProviderSamples): Promise<void> {
  const opened = await openSamples(provider, samples)
  const read = () =>
    opened.map(({ message }) =>
      fc.stringify([provider.recognizes(message.body), provider.read(message)]),
    )
  const bodies = () => opened.map(({ message }) => fc.stringify(message))
  const before = bodies()
  const first = read()
  const after = bodies()
  const second = read()
  for (const [place, { sample }] of opened.entries()) {
    if (before[place] !== after[place]) fail(provider, `reading sample "${sample.name}" changes it`)
    if (first[place] !== second[place]) {
      fail(provider, `sample "${sample.name}" is read in another way the second time`)
    }
  }
}

async function orderDoesNotMatter(provider: Provider, samples: ProviderSamples): Promise<void> {
  const opened = await openSamples(provider, samples)
  const eventsIn = (place: number) => {
    const message = opened[place]?.message
    const reading = message && provider.read(message)
    return reading?.ok && reading.type === 'events' ? reading.events : []
  }
  const places = [...opened.keys()]
  const truth = callsAfter(provider, places.flatMap(eventsIn))
  const anyOrder = fc.shuffledSubarray(places, { minLength: places.length })
  fc.assert(
    fc.property(anyOrder, (order) => {
      if (callsAfter(provider, order.flatMap(eventsIn)) === truth) return
      fail(provider, 'the samples end in another call when they are read in another order')
    }),
    { includeErrorInReport: true },
  )
}

/** The calls that these events make, by call id, as text. */
function callsAfter(provider: Provider, events: readonly ProviderEvent[]): string {
  const calls = new Map<string, Call>()
  for (const event of events) {
    const { call } = observe(calls.get(event.callId), event, { provider })
    calls.set(event.callId, call)
  }
  return textInFixedOrder([...calls].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
