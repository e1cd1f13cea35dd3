import fc from 'fast-check'
import { MESSAGE_KINDS, type Message, type MessageKind } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import { codeUnit } from '../events.ts'
import { placesIn, REMOVED, withLeaves, withValueAt } from './body.ts'
import { whatIsWrongWithReading } from './event.ts'
import { type OpenedSample, openSamples } from './opened-samples.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'

/** What the provider makes of messages that nobody should send. */
export function hostileChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  return [
    {
      name: 'a message that says nothing is neither recognized nor read',
      proves: 'that the shape of a message decides nothing where there is none',
      run: () => emptyMessagesAreRefused(provider),
    },
    {
      name: 'no message makes the provider throw or answer half',
      proves: 'that no sender can stop a server, or slip in an event that is none',
      run: () => nothingThrows(provider, samples),
    },
    {
      name: 'an issue never repeats a value of the message',
      proves: 'that issues can be logged and answered with',
      run: () => issuesKeepSecrets(provider, samples),
    },
  ]
}

const KINDS: readonly (MessageKind | null)[] = [null, ...MESSAGE_KINDS]

function emptyMessagesAreRefused(provider: Provider): void {
  for (const body of [undefined, null, '', 'text', 0, true, [], {}, [{}]]) {
    if (provider.recognizes(body)) fail(provider, `${fc.stringify(body)} is recognized`)
    for (const kind of KINDS) {
      if (!provider.read({ body, kind }).ok) continue
      fail(provider, `${fc.stringify(body)} is read as ${kind ?? 'any kind of message'}`)
    }
  }
}

/** Deeper than a recursive function gets. */
const DEPTH = 20_000

async function nothingThrows(provider: Provider, samples: ProviderSamples): Promise<void> {
  const opened = await openSamples(provider, samples)
  const nested = [deeplyNested('array'), deeplyNested('object')]
  for (const value of [...nested, ...HOSTILE_VALUES]) {
    readHostile(provider, { body: value, kind: null }, 'a message that is no message')
    for (const { message, what } of alteredSamples(opened, value)) {
      readHostile(provider, message, what)
    }
  }
  fc.assert(
    fc.property(fc.oneof({ arbitrary: damaged(opened), weight: 3 }, strange()), (message) => {
      readHostile(provider, message, 'a damaged message')
    }),
    { numRuns: 300, includeErrorInReport: true },
  )
}

/** Samples, each with some of its values replaced. */
function damaged(opened: readonly OpenedSample[]): fc.Arbitrary<Message> {
  return fc.constantFrom(...opened).chain(({ message }) =>
    fc
      .array(
        fc.tuple(
          fc.constantFrom(...placesIn(message.body)),
          fc.oneof(junk(), fc.constant(REMOVED)),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((damages) => ({
        ...message,
        body: damages.reduce((body, [place, value]) => damage(body, place, value), message.body),
      })),
  )
}

/** Junk of any kind of message, with headers and parameters that nobody expects. */
function strange(): fc.Arbitrary<Message> {
  const texts = fc.dictionary(
    fc.oneof(fc.constantFrom('__proto__', 'content-type'), fc.string()),
    fc.oneof(fc.string(), fc.array(fc.string())),
  )
  return fc.record(
    { body: junk(), kind: fc.constantFrom(...KINDS), headers: texts, query: texts },
    { requiredKeys: ['body', 'kind'] },
  )
}

function readHostile(provider: Provider, message: Message, what: string): void {
  let wrong: string | null
  try {
    provider.recognizes(message.body)
    provider.sameMessage?.(message.body)
    wrong = whatIsWrongWithReading(provider.read(message), provider, message.kind)
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    throw new Error(`Provider "${provider.name}": ${what} makes it throw (${name}).`, {
      cause: error,
    })
  }
  if (wrong !== null) fail(provider, `${what} is answered, but ${wrong}`)
}

/** An earlier damage may have taken the place away; then the message stays as it is. */
function damage(body: unknown, place: readonly string[], value: unknown): unknown {
  const isThere = placesIn(body).some((known) => known.join('\n') === place.join('\n'))
  if (!isThere) return body
  return withValueAt(body, place, value)
}

/** Values that nobody should send in the place of any other. */
export const HOSTILE_VALUES = [
  '__proto__',
  '\ud800',
  '\udc00 half a pair',
  '\u0000',
  'x'.repeat(100_000),
  '1e999',
  '-0',
  '9'.repeat(400),
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  [],
  JSON.parse('{"__proto__": {"status": "completed"}, "constructor": null}'),
  { toString: null, valueOf: 1 },
  '{"a":'.repeat(2000),
] as const

/** Any value, likely or not. */
export function junk(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom<unknown[]>(...HOSTILE_VALUES),
    fc.jsonValue({ stringUnit: codeUnit() }),
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    }),
  )
}

function deeplyNested(kind: 'array' | 'object'): unknown {
  let value: unknown = 'bottom'
  for (let depth = 0; depth < DEPTH; depth++) value = kind === 'array' ? [value] : { value }
  return value
}

/** Every sample with this value at every place, one at a time. */
function alteredSamples(opened: readonly OpenedSample[], value: unknown) {
  return opened.flatMap(({ sample, message }) =>
    placesIn(message.body).map((place) => ({
      message: { ...message, body: withValueAt(message.body, place, value) },
      what: `sample "${sample.name}" with a hostile value at "${place.join('.')}"`,
    })),
  )
}

const SECRET_WORD = 'secret-5f0c61d2'
const SECRET_NUMBER = 7_301_946_225

async function issuesKeepSecrets(provider: Provider, samples: ProviderSamples): Promise<void> {
  const opened = await openSamples(provider, samples)
  const secrets = [
    SECRET_WORD,
    SECRET_NUMBER,
    [SECRET_WORD],
    { key: SECRET_WORD },
    SECRET_WORD + SECRET_NUMBER,
  ]
  const messages = secrets.flatMap((secret): readonly Message[] => [
    { body: secret, kind: null },
    ...opened.map(({ message }) => ({ ...message, body: withLeaves(message.body, () => secret) })),
    ...alteredSamples(opened, secret).map(({ message }) => message),
  ])
  for (const message of messages) {
    const reading = provider.read(message)
    if (reading.ok) continue
    for (const [key, text] of reading.issues.flatMap((issue) => Object.entries(issue))) {
      const said = String(text)
      if (said.includes(SECRET_WORD) || said.includes(`${SECRET_NUMBER}`)) {
        fail(
          provider,
          `an issue repeats a value of the message in its ${key}; name its kind instead`,
        )
      }
    }
  }
}
