import { CALL_STATUSES } from '../../lifecycle.ts'
import type { ProviderEvent, Reading } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import { parseStatus } from '../../status.ts'
import { withLeaves, withValueAt } from './body.ts'
import { type ReadSample, readSamples } from './opened-samples.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'

/** What becomes of words that the provider does not have. */
export function wordChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  const checks: readonly ConformanceCheck[] = [
    {
      name: 'a status word that nobody knows is kept as it came',
      proves: 'that a status which the provider adds tomorrow is seen, and never guessed at',
      run: () => unknownWordsAreKept(provider, samples),
    },
    {
      name: 'a status word that the provider does not have stays unrecognized, even where it is spelled like one of ours',
      proves: 'that nobody takes a foreign `completed` for ours',
      run: () => foreignWordsStayUnrecognized(provider, samples),
    },
  ]
  if (Object.keys(provider.kinds).length === 0) return checks
  return [
    ...checks,
    {
      name: 'a kind of message that nobody knows is unrecognized, with the kind as its word',
      proves: 'that a kind of message which the provider adds tomorrow does not vanish',
      run: () => unknownKindsAreKept(provider, samples),
    },
  ]
}

/** Made up; names that every object has; and a known word in other letters is for the provider to decide. */
const UNKNOWN_WORDS = ['warp-drive', 'constructor', '__proto__', 'toString', 'two words, a comma']

async function unknownWordsAreKept(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const telling of await tellingEvents(provider, samples)) {
    for (const word of UNKNOWN_WORDS) {
      const where = `sample "${telling.read.sample.name}" with the unknown status word "${word}"`
      const strange = strangeEvent(provider, telling, word, where)
      if (strange !== null) {
        fail(provider, `${where} is read as ${strange}; it must keep the word, and no status`)
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

async function foreignWordsStayUnrecognized(
  provider: Provider,
  samples: ProviderSamples,
): Promise<void> {
  // Who has the status itself as a word may read other spellings of it.
  const isOwn = (word: string) => Object.hasOwn(provider.statuses, word)
  const foreign = OUR_WORDS.filter(
    (word) => !isOwn(word) && !isOwn(parseStatus(word).status ?? word),
  )
  for (const telling of await tellingEvents(provider, samples)) {
    for (const word of new Set(foreign)) {
      const name = `sample "${telling.read.sample.name}"`
      const where = `${name} with the word "${word}", which it does not have,`
      const strange = strangeEvent(provider, telling, word, where)
      if (strange !== null) {
        fail(provider, `${where} is read as ${strange}; say status: null beside the word`)
      }
    }
  }
}

async function unknownKindsAreKept(provider: Provider, samples: ProviderSamples): Promise<void> {
  const read = await readSamples(provider, samples)
  const ofKnownKind = read.filter(({ sample }) => sample.kindAt !== undefined)
  if (ofKnownKind.length === 0) {
    fail(
      provider,
      'no sample says where the kind of a message stands; say where it does with kindAt',
    )
  }
  for (const { sample, message } of ofKnownKind) {
    for (const word of UNKNOWN_WORDS) {
      const body = withValueAt(message.body, sample.kindAt ?? [], word)
      const reading = provider.read({ ...message, body })
      const where = `sample "${sample.name}" as a message of the unknown kind "${word}"`
      for (const event of eventsOf(provider, reading, where)) {
        if (event.status === null && event.word === word) continue
        const came = event.status ?? `the word "${event.word}"`
        fail(provider, `${where} is read as ${came}; it must be unrecognized, the kind its word`)
      }
    }
  }
}

/** An event of a sample that carries a status word of its own. */
interface TellingEvent {
  readonly read: ReadSample
  readonly event: ProviderEvent
  readonly place: number
}

async function tellingEvents(
  provider: Provider,
  samples: ProviderSamples,
): Promise<readonly TellingEvent[]> {
  const telling = (await readSamples(provider, samples)).flatMap((read) => {
    const events = read.reading.type === 'events' ? read.reading.events : []
    return events.map((event, place) => ({ read, event, place }))
  })
  // A reply's status follows from the request.
  const withWords = telling.filter(
    ({ event }) => event.kind !== 'call-reply' && event.kind !== 'stop-reply',
  )
  if (withWords.length === 0) {
    fail(provider, 'no sample carries a status word; add a webhook, a record or a list item')
  }
  return withWords
}

/** What an event is read as when its word is another one; null where it keeps the word, and no status. */
function strangeEvent(
  provider: Provider,
  { read, event, place }: TellingEvent,
  word: string,
  where: string,
): string | null {
  const body = withWord(provider, read, event.word, word)
  const events = eventsOf(provider, provider.read({ ...read.message, body }), where)
  const altered = read.sample.statusAt === undefined ? events.slice(place, place + 1) : events
  if (altered.some((one) => one.status === null && one.word === word)) return null
  const [first] = altered
  return first === undefined ? 'nothing' : (first.status ?? `the word "${first.word}"`)
}

function eventsOf(provider: Provider, reading: Reading, where: string): readonly ProviderEvent[] {
  if (!reading.ok) fail(provider, `${where} is refused; it must be read, the word kept`)
  if (reading.type !== 'events') {
    fail(provider, `${where} is taken for "${reading.type}"; it must be read, the word kept`)
  }
  return reading.events
}

function withWord(
  provider: Provider,
  { sample, message }: ReadSample,
  known: string,
  word: string,
): unknown {
  if (sample.statusAt !== undefined) return withValueAt(message.body, sample.statusAt, word)
  let found = false
  const body = withLeaves(message.body, (leaf) => {
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
