import type { Amount, FinalSources, Provider, Tell } from '../../../providers/index.ts'
import { answering, type Fault } from '../fault.fixture.ts'
import { acme, isRecord } from '../honest.fixture.ts'

const FOUND = 'what it says to hold final data holds some in its samples'
const AMOUNTS = 'a cost is a finite amount in a currency or in a unit, or nothing, whatever comes'
const SPELLED = 'a cost is the same amount however it is written'
const EXPECTED = 'what it tells of an end holds the data that are expected then'
const WHOLE = 'what it tells of an end is final where it says so, and no part of it'

/** Other sources than the honest provider's; some have a type that no honest one has. */
const sources = (changed: object): Pick<Provider, 'finalData'> => ({
  finalData: { ...acme.finalData, ...changed } as FinalSources,
})

const price = (body: unknown): unknown => (isRecord(body) ? body['price'] : undefined)
const euros = (amount: unknown): unknown => ({ amount, currency: 'EUR', unit: null })
const costing = (cost: (body: unknown) => unknown) => sources({ cost })

const honest: Tell = (moment, kind) => acme.tell?.(moment, kind) ?? []
const honestCost = (body: unknown): Amount | null => acme.finalData?.cost?.(body) ?? null

/** Tells of ends with other fields. */
function ending(fields: (status: string) => object): Pick<Provider, 'tell'> {
  return {
    tell: (moment, kind) =>
      honest(moment, kind).map((message) => ({
        ...message,
        body: JSON.stringify({ ...JSON.parse(message.body), ...fields(moment.status) }),
      })),
  }
}

let costs = 0

export const FINAL_DATA_FAULTS: readonly Fault[] = [
  {
    check: FOUND,
    provider: sources({ recording: ['/flie', '/files/1'] }),
    says: /holds a value at its finalData.recording/,
  },
  {
    check: FOUND,
    provider: sources({ transcript: ['/toString', '/files/length'] }),
    says: /holds a value at its finalData.transcript/,
  },
  { check: FOUND, provider: costing(() => null), says: /holds a value at its finalData.cost/ },
  ...(
    [
      [costing((body) => euros(Number(price(body)))), /with no finite amount/],
      [
        costing((body) => (price(body) === undefined ? null : euros(price(body)))),
        /damaged at price with no finite amount/,
      ],
      [
        costing((body) => honestCost(body) && { amount: 1, currency: 'EUR', unit: 'cent' }),
        /with no finite amount in either/,
      ],
      [
        costing((body) => honestCost(body) && { amount: 1, currency: null, unit: null }),
        /with no finite amount in either/,
      ],
      [
        costing((body) => honestCost(body) && { amount: 1, currency: 'euro', unit: null }),
        /with no finite amount in either a currency of three capitals/,
      ],
      [costing((body) => (honestCost(body) ? 12.5 : null)), /with no finite amount/],
      [
        costing((body) => {
          if (!isRecord(body)) throw new TypeError('No message.')
          return honestCost(body)
        }),
        /throws for what is no message/,
      ],
      [costing((body) => honestCost(body) && euros(++costs)), /is another one the second time/],
      [
        costing((body) => {
          if (isRecord(body)) body['seen'] = true
          return honestCost(body)
        }),
        /changes it/,
      ],
    ] satisfies readonly (readonly [Partial<Provider>, RegExp])[]
  ).map(([provider, says]) => ({ check: AMOUNTS, provider, says })),
  {
    check: SPELLED,
    provider: costing((body) => (typeof price(body) === 'number' ? honestCost(body) : null)),
    says: /price of .*, written as "22", is no cost/,
  },
  {
    check: SPELLED,
    provider: costing((body) => {
      const found = /^\d+/.exec(String(price(body) ?? ''))
      const cents = String(price(body)).split('.')[1] ?? '0'
      return found && euros(Number(found[0]) + Number(cents) / 10)
    }),
    says: /price of .*, written as "12.50", is 17/,
  },
  {
    check: SPELLED,
    // The first field counts, whatever it is called.
    provider: costing((body) =>
      isRecord(body) && Object.keys(body)[0] === 'acmeId' ? honestCost(body) : null,
    ),
    says: /, written by .*, says other final data/,
  },
  {
    check: EXPECTED,
    provider: ending(() => ({ price: null })),
    says: /nothing that it tells of completed of a call that was up says cost, which is expected/,
  },
  {
    check: WHOLE,
    provider: ending((status) => (status === 'completed' ? { price: 6.66 } : {})),
    says: /what it tells of completed says 6.66 as its final cost, and 12.5 is true/,
  },
  {
    check: WHOLE,
    provider: {
      // The news of what it costs so far.
      tell: (moment, kind) => {
        const { callId: acmeId, attempt, occurredAt: at, status } = moment
        const note = JSON.stringify({ acmeId, attempt, at, type: 'note', price: 3 })
        const contentType = 'application/json'
        const news = status === 'in-progress' ? [{ kind, contentType, body: note }] : []
        return [...honest(moment, kind), ...news]
      },
    },
    says: /a message without a status .* becomes completed says 3 as cost, and 12.5 is true/,
  },
  {
    check: WHOLE,
    provider: answering((reading) =>
      reading.ok && reading.type === 'events'
        ? {
            ...reading,
            events: reading.events.map((event) => ({ ...event, details: { talkMs: 5 } })),
          }
        : reading,
    ),
    says: /what it tells of completed says 5 as its final durationMs/,
  },
]
