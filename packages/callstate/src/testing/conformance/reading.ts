import fc from 'fast-check'
import { CALL_STATUSES } from '../../lifecycle.ts'
import { type EMPTY_CALL, observe } from '../../observe.ts'
import { textInFixedOrder } from '../../providers/fixed-order.ts'
import type { Provider, ProviderEvent } from '../../providers/provider.ts'
import { parseStatus } from '../../status.ts'
import { withLeaves, withValueAt } from './body.ts'
import { whatIsWrongWith } from './event.ts'
import {
  type ConformanceCheck,
  fail,
  type ProviderSamples,
  type ReadSample,
  readSamples,
  type SampleExpectation,
  tellsStatus,
} from './samples.ts'

/** How the samples are read. */
export function readingChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  return [
    {
      name: 'every sample is recognized, unless its shape is ambiguous',
      run: () => samplesAreRecognized(provider, samples),
    },
    {
      name: 'every sample is read as expected',
      run: () => everySampleIsRead(provider, samples),
    },
    {
      name: 'a status word that nobody knows is kept as it came',
      run: () => unknownWordsAreKept(provider, samples),
    },
    {
      name: 'a status word that the provider does not have stays unrecognized, even where it is spelled like one of ours',
      run: () => foreignWordsStayUnrecognized(provider, samples),
    },
    {
      name: 'reading changes nothing and gives the same answer each time',
      run: () => readingIsPure(provider, samples),
    },
    {
      name: 'every order of the samples ends in the same calls',
      run: () => orderDoesNotMatter(provider, samples),
    },
  ]
}

function samplesAreRecognized(provider: Provider, samples: ProviderSamples): void {
  for (const { name, body, ambiguous } of samples.messages) {
    const isRecognized = provider.recognizes(body)
    if (isRecognized === (ambiguous === undefined)) continue
    if (isRecognized) fail(provider, `sample "${name}" is recognized, though it is ambiguous`)
    fail(provider, `sample "${name}" is not recognized`)
  }
}

function everySampleIsRead(provider: Provider, samples: ProviderSamples): void {
  for (const { sample, event } of readSamples(provider, samples)) {
    const wrong = whatIsWrongWith(event, provider)
    if (wrong !== null) fail(provider, `sample "${sample.name}" is read, but ${wrong}`)
    for (const key of Object.keys(sample.expect ?? {}) as (keyof SampleExpectation)[]) {
      const [came, expected] = [event[key] ?? null, sample.expect?.[key] ?? null]
      if (came !== expected) {
        fail(provider, `sample "${sample.name}": ${key} is ${came}, expected ${expected}`)
      }
    }
  }
}

/** Made up; names that every object has; and a known word in other letters is for the provider to decide. */
const UNKNOWN_WORDS = ['warp-drive', 'constructor', '__proto__', 'toString', 'two words, a comma']

function unknownWordsAreKept(provider: Provider, samples: ProviderSamples): void {
  for (const read of tellingSamples(provider, samples)) {
    for (const word of UNKNOWN_WORDS) {
      const result = provider.parse(withWord(provider, read, word))
      const where = `sample "${read.sample.name}" with the unknown status word "${word}"`
      if (!result.ok) fail(provider, `${where} is refused; it must be read, the word kept`)
      if (result.value.status !== word) {
        fail(provider, `${where} is read as ${result.value.status}; it must keep the word`)
      }
    }
  }
}

/** The words that callstate itself reads as a status: the 16, and the other spellings of them. */
const OUR_WORDS = [
  ...CALL_STATUSES,
  ...CALL_STATUSES.map((status) => status.replaceAll('-', '_')),
  'cancelled',
]

function foreignWordsStayUnrecognized(provider: Provider, samples: ProviderSamples): void {
  // Who has the status itself as a word may read other spellings of it.
  const isOwn = (word: string) => Object.hasOwn(provider.statuses, word)
  const foreign = OUR_WORDS.filter(
    (word) => !isOwn(word) && !isOwn(parseStatus(word).status ?? word),
  )
  for (const read of tellingSamples(provider, samples)) {
    for (const word of new Set(foreign)) {
      const result = provider.parse(withWord(provider, read, word))
      const where = `sample "${read.sample.name}" with the word "${word}", which it does not have,`
      if (!result.ok) fail(provider, `${where} is refused; it must be read, the word kept`)
      const { status, unrecognized } = result.value
      if (unrecognized !== true && parseStatus(status).status !== null) {
        fail(provider, `${where} is read as ${status}; say unrecognized: true beside the word`)
      }
    }
  }
}

function tellingSamples(provider: Provider, samples: ProviderSamples): readonly ReadSample[] {
  const telling = readSamples(provider, samples).filter(({ event }) => tellsStatus(event))
  if (telling.length === 0) {
    fail(provider, 'no sample carries a status word; add a webhook, a record or a list item')
  }
  return telling
}

function withWord(provider: Provider, { sample, event }: ReadSample, word: string): unknown {
  if (sample.statusAt !== undefined) return withValueAt(sample.body, sample.statusAt, word)
  const known = event.details?.rawStatus ?? event.status
  let found = false
  const body = withLeaves(sample.body, (leaf) => {
    if (leaf !== known) return leaf
    found = true
    return word
  })
  if (!found) {
    const where = `the status word of sample "${sample.name}" does not stand in its body`
    fail(provider, `${where}; say where it does with statusAt`)
  }
  return body
}

function readingIsPure(provider: Provider, samples: ProviderSamples): void {
  const read = () =>
    samples.messages.map(({ body }) =>
      fc.stringify([provider.recognizes(body), provider.parse(body)]),
    )
  const bodies = () => samples.messages.map(({ body }) => fc.stringify(body))
  const before = bodies()
  const first = read()
  const after = bodies()
  const second = read()
  for (const [place, { name }] of samples.messages.entries()) {
    if (before[place] !== after[place]) fail(provider, `reading sample "${name}" changes it`)
    if (first[place] !== second[place]) {
      fail(provider, `sample "${name}" is read in another way the second time`)
    }
  }
}

function orderDoesNotMatter(provider: Provider, samples: ProviderSamples): void {
  const truth = callsAfter(provider, samples)
  const anyOrder = fc.shuffledSubarray([...samples.messages], {
    minLength: samples.messages.length,
  })
  fc.assert(
    fc.property(anyOrder, (messages) => {
      if (callsAfter(provider, { messages }) === truth) return
      fail(provider, 'the samples end in another call when they are read in another order')
    }),
    { includeErrorInReport: true },
  )
}

/** The calls that the samples make, by call id, as text. */
function callsAfter(provider: Provider, samples: ProviderSamples): string {
  const calls = new Map<string, typeof EMPTY_CALL>()
  for (const event of readSamples(provider, samples).map((read): ProviderEvent => read.event)) {
    const { call } = observe(calls.get(event.callId), event, provider.rules)
    calls.set(event.callId, call)
  }
  return textInFixedOrder([...calls].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
