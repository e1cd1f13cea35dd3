import fc from 'fast-check'
import type { Amount, SaidFields } from '../../providers/final-data.ts'
import { finalFieldsIn, isAmount } from '../../providers/final-fields-in.ts'
import type { Message, ProviderEvent, Reading } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'
import { spelling, writeJson } from '../spelling.ts'
import { placesIn, valueAt, withValueAt } from './body.ts'
import { openSamples } from './opened-samples.ts'
import { type ConformanceCheck, fail, type ProviderSamples } from './samples.ts'
import { momentsIn, shortestStories } from './stories.ts'
import { readTold } from './told.ts'

/** Where the messages hold what is final of an attempt; none where the provider says nothing of the kind. */
export function finalDataChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  if (provider.finalData === null) return []
  return [
    {
      name: 'what it says to hold final data holds some in its samples',
      proves: 'that no source is misspelled: who waits for it would wait for ever',
      run: () => sourcesAreFound(provider, samples),
    },
    {
      name: 'a cost is a finite amount in a currency or in a unit, or nothing, whatever comes',
      proves: 'that nobody is billed by what is no amount',
      run: () => costsAreAmounts(provider, samples),
    },
    {
      name: 'a cost is the same amount however it is written',
      proves: 'that `22.0`, `"22.00"` and `2.2e1` bill the same, by whichever language they come',
      run: () => spellingsAreOneAmount(provider, samples),
    },
  ]
}

/** What is kept of a message for one of its events, or for the data that it brings. */
interface Kept {
  readonly what: string
  readonly body: unknown
  readonly event: Pick<ProviderEvent, 'status' | 'details'>
}

async function keptOf(provider: Provider, samples: ProviderSamples): Promise<readonly Kept[]> {
  const opened = await openSamples(provider, samples)
  const kept = opened.flatMap(({ sample, message }) =>
    partsOf(`sample "${sample.name}"`, message, provider.read(message)),
  )
  if (provider.tell === null) return kept
  const lastOf = shortestStories(provider).flatMap((story) => momentsIn(story, samples).slice(-1))
  for (const moment of lastOf) {
    for (const kind of ['webhook', 'record'] as const) {
      for (const { message, reading } of await readTold(provider, moment, kind)) {
        kept.push(...partsOf(`what it tells of ${moment.status} in a ${kind}`, message, reading))
      }
    }
  }
  return kept
}

/** The parts of a message that are kept, each with its event. */
export function partsOf(what: string, { body }: Message, reading: Reading): readonly Kept[] {
  if (!reading.ok || reading.type === 'skip') return []
  if (reading.type === 'data') return [{ what, body, event: { status: null } }]
  const { events, parts } = reading
  return events.map((event, place) => ({ what, event, body: parts?.[place] ?? body }))
}

async function sourcesAreFound(provider: Provider, samples: ProviderSamples): Promise<void> {
  const kept = await keptOf(provider, samples)
  const said = kept.map(({ event, body }) => finalFieldsIn(provider, event, body))
  for (const field of ['cost', 'recording', 'transcript', 'extraction'] as const) {
    if (!provider.finalData?.[field] || said.some((one) => one[field] !== undefined)) continue
    fail(provider, `no sample and nothing that it tells holds a value at its finalData.${field}`)
  }
}

/** What no message is, and some might hold where a cost is looked for. */
const STRANGE: readonly unknown[] = [undefined, null, true, 0, '', 'text', Number.NaN, [], {}]

async function costsAreAmounts(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const body of STRANGE) costOf(provider, body, 'what is no message')
  for (const { what, body } of await keptOf(provider, samples)) {
    const before = fc.stringify(body)
    const first = fc.stringify(costOf(provider, body, what))
    if (fc.stringify(costOf(provider, body, what)) !== first) {
      fail(provider, `the cost in ${what} is another one the second time`)
    }
    if (fc.stringify(body) !== before) fail(provider, `reading the cost in ${what} changes it`)
    for (const place of leavesIn(body)) {
      for (const value of STRANGE) {
        costOf(provider, withValueAt(body, place, value), `${what}, damaged at ${place.join('.')}`)
      }
    }
  }
}

/** What `cost` answers, where it answers what it may. */
function costOf(provider: Provider, body: unknown, what: string): Amount | null {
  let cost: Amount | null
  try {
    cost = provider.finalData?.cost?.(body) ?? null
  } catch {
    fail(provider, `finalData.cost throws for ${what}`)
  }
  if (cost === null) return null
  if (typeof cost === 'object' && isAmount(cost)) return cost
  fail(
    provider,
    `finalData.cost answers for ${what} with no finite amount in either a currency of three capitals or a unit`,
  )
}

async function spellingsAreOneAmount(provider: Provider, samples: ProviderSamples): Promise<void> {
  for (const { what, event, body } of await keptOf(provider, samples)) {
    const said = finalFieldsIn(provider, event, body)
    mustBeSpelledAnyhow(provider, { what, event, body }, said)
    if (said.cost === undefined) continue
    for (const place of leavesIn(body)) {
      const leaf = valueAt(body, place)
      const number = numberIn(leaf)
      if (number === null || !isSourceOf(provider, said.cost, body, place, number)) continue
      for (const [written, value] of waysToWrite(number)) {
        const cost = costOf(provider, withValueAt(body, place, value), `${what}, with ${written}`)
        if (cost?.amount === said.cost.amount) continue
        const came = cost === null ? 'no cost' : cost.amount
        fail(provider, `${place.join('.')} of ${what}, written as ${written}, is ${came}`)
      }
    }
  }
}

/** In JSON of every writer it says the same. */
function mustBeSpelledAnyhow(provider: Provider, { what, event, body }: Kept, said: SaidFields) {
  const first = fc.stringify(said)
  fc.assert(
    fc.property(spelling(), (spelled) => {
      const text = writeJson(body, spelled)
      const other: unknown = JSON.parse(text)
      if (fc.stringify(finalFieldsIn(provider, event, other)) === first) return
      fail(provider, `${what}, written by ${spelled.writer}, says other final data`)
    }),
    { numRuns: SPELLINGS, includeErrorInReport: true },
  )
}

/** For each of the kept messages. */
const SPELLINGS = 10

function isSourceOf(
  provider: Provider,
  { amount }: Amount,
  body: unknown,
  place: readonly string[],
  number: number,
): boolean {
  const other = withValueAt(
    body,
    place,
    typeof valueAt(body, place) === 'string' ? `${number + 1}` : number + 1,
  )
  return costOf(provider, other, 'a sample with another cost')?.amount !== amount
}

/** One number as JSON of several languages has it. */
function waysToWrite(number: number): readonly (readonly [written: string, value: unknown])[] {
  const plain = String(number)
  const texts = [plain, Number.isInteger(number) ? `${plain}.00` : `${plain}0`]
  const numbers = [plain, number.toExponential(), Number.isInteger(number) ? `${plain}.0` : plain]
  return [
    ...numbers.map((json) => [json, JSON.parse(json)] as const),
    ...texts.map((text) => [JSON.stringify(text), text] as const),
  ]
}

function numberIn(leaf: unknown): number | null {
  if (typeof leaf === 'number') return Number.isFinite(leaf) ? leaf : null
  return typeof leaf === 'string' && /^-?\d{1,9}(\.\d{1,6})?$/.test(leaf) ? Number(leaf) : null
}

function leavesIn(body: unknown): readonly (readonly string[])[] {
  return placesIn(body).filter((place) => {
    const value = valueAt(body, place)
    return place.length > 0 && (typeof value !== 'object' || value === null)
  })
}
