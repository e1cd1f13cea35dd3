import fc from 'fast-check'
import type { Provider } from '../../providers/provider.ts'
import { codeUnit } from '../events.ts'
import { placesIn, REMOVED, withLeaves, withValueAt } from './body.ts'
import { whatIsWrongWith, whatIsWrongWithIssues } from './event.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'

/** What the provider makes of messages that nobody should send. */
export function hostileChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  return [
    {
      name: 'a message that says nothing is neither recognized nor read',
      run: () => emptyMessagesAreRefused(provider),
    },
    {
      name: 'no message makes the provider throw or answer half',
      run: () => nothingThrows(provider, samples),
    },
    {
      name: 'an issue never repeats a value of the message',
      run: () => issuesKeepSecrets(provider, samples),
    },
  ]
}

function emptyMessagesAreRefused(provider: Provider): void {
  for (const body of [undefined, null, '', 'text', 0, true, [], {}, [{}]]) {
    if (provider.recognizes(body)) fail(provider, `${fc.stringify(body)} is recognized`)
    if (provider.parse(body).ok) fail(provider, `${fc.stringify(body)} is read as an event`)
  }
}

/** Deeper than a recursive function gets. */
const DEPTH = 20_000

function nothingThrows(provider: Provider, samples: ProviderSamples): void {
  const nested = [deeplyNested('array'), deeplyNested('object')]
  for (const value of [...nested, ...HOSTILE_VALUES]) {
    readHostile(provider, value, 'a message that is no message')
    for (const { body, what } of alteredSamples(samples, value)) readHostile(provider, body, what)
  }
  const bodies = samples.messages.map(({ body }) => body)
  const damaged = fc.constantFrom(...bodies).chain((body) =>
    fc
      .array(fc.tuple(fc.constantFrom(...placesIn(body)), fc.oneof(junk(), fc.constant(REMOVED))), {
        minLength: 1,
        maxLength: 3,
      })
      .map((damages) =>
        damages.reduce((whole, [place, value]) => damage(whole, place, value), body),
      ),
  )
  fc.assert(
    fc.property(fc.oneof({ arbitrary: damaged, weight: 3 }, junk()), (body) => {
      readHostile(provider, body, 'a damaged message')
    }),
    { numRuns: 300, includeErrorInReport: true },
  )
}

function readHostile(provider: Provider, body: unknown, what: string): void {
  let wrong: string | null
  try {
    provider.recognizes(body)
    const result = provider.parse(body)
    wrong = result.ok
      ? whatIsWrongWith(result.value, provider)
      : whatIsWrongWithIssues(result.issues)
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

const HOSTILE_VALUES = [
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

function junk(): fc.Arbitrary<unknown> {
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
function alteredSamples(samples: ProviderSamples, value: unknown) {
  return samples.messages.flatMap(({ name, body }) =>
    placesIn(body).map((place) => ({
      body: withValueAt(body, place, value),
      what: `sample "${name}" with a hostile value at "${place.join('.')}"`,
    })),
  )
}

const SECRET_WORD = 'secret-5f0c61d2'
const SECRET_NUMBER = 7_301_946_225

function issuesKeepSecrets(provider: Provider, samples: ProviderSamples): void {
  const secrets = [
    SECRET_WORD,
    SECRET_NUMBER,
    [SECRET_WORD],
    { key: SECRET_WORD },
    SECRET_WORD + SECRET_NUMBER,
  ]
  const bodies = secrets.flatMap((secret) => [
    secret,
    ...samples.messages.map(({ body }) => withLeaves(body, () => secret)),
    ...alteredSamples(samples, secret).map(({ body }) => body),
  ])
  for (const body of bodies) {
    const result = provider.parse(body)
    if (result.ok) continue
    for (const [key, text] of result.issues.flatMap((issue) => Object.entries(issue))) {
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
