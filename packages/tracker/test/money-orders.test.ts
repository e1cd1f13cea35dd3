import { createTracker } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { booksOf, type LedgerLine } from './money-ledger.ts'
import { listedIn } from './money-list.ts'
import { startBilling } from './money-recipe.ts'

// Bodies as Bolna could send them, in every order, each written by another hand the second time. What must
// come out was written down by a person.

/** One message in two spellings of the same value; `ID` stands for the call. */
type Written = readonly [first: string, second: string]

/** The same text both times. */
const once = (text: string): Written => [text, text]

const ATTEMPT_1: Written = [
  '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T09:01:12","total_cost":10,"conversation_duration":9.1,"answered_by_voice_mail":true}',
  '{ "status": "completed", "id": "ID", "updated_at": "2026-03-02T09:01:12", "retry_count": 0,\n  "total_cost": 10.0, "answered_by_voice_mail": true, "conversation_duration": 9.10 }',
]
const ATTEMPT_2: Written = [
  '{"id":"ID","status":"completed","retry_count":1,"updated_at":"2026-03-02T09:40:20","total_cost":20,"conversation_duration":48.6}',
  '{"conversation_duration": 4.86e1, "total_cost": 2e1, "updated_at": "2026-03-02T09:40:20", "retry_count": 1, "status": "completed", "id": "ID"}',
]
const WAITING_2 = once(
  '{"id":"ID","status":"scheduled","retry_count":1,"updated_at":"2026-03-02T09:01:15","total_cost":0}',
)

interface Story {
  readonly bodies: readonly Written[]
  /** What is charged at the end, by attempt. */
  readonly charged: Readonly<Record<number, number>>
  /** Amounts that may have been charged on the way; no other ever. */
  readonly onTheWay?: Readonly<Record<number, readonly (number | null)[]>>
  /** The attempts that are listed for their cost. */
  readonly listed?: readonly number[]
  /** The attempts whose extraction is handed on. */
  readonly extracted?: readonly number[]
}

const STORIES: Readonly<Record<string, Story>> = {
  'a voicemail that cost 10, then no answer without a cost': {
    bodies: [
      ATTEMPT_1,
      WAITING_2,
      once(
        '{"id":"ID","status":"no-answer","retry_count":1,"updated_at":"2026-03-02T09:32:00","total_cost":null,"conversation_duration":0}',
      ),
    ],
    charged: { 1: 10 },
  },
  'two attempts with a cost of their own': {
    bodies: [ATTEMPT_1, WAITING_2, ATTEMPT_2],
    charged: { 1: 10, 2: 20 },
  },
  'two attempts with an extraction of their own': {
    bodies: [
      once(
        '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T09:01:12","total_cost":10,"conversation_duration":9.1,"extracted_data":{"interested":false}}',
      ),
      [
        '{"id":"ID","status":"completed","retry_count":1,"updated_at":"2026-03-02T09:40:20","total_cost":20,"conversation_duration":48.6,"extracted_data":{"callback":"Montag \u00fcber \u002f"}}',
        '{"id":"ID","status":"completed","retry_count":1,"updated_at":"2026-03-02T09:40:20","total_cost":20.00,"conversation_duration":48.6,"extracted_data":{"callback":"Montag \\u00fcber \\/"}}',
      ],
      once(
        '{"id":"ID","status":"call-disconnected","retry_count":1,"updated_at":"2026-03-02T09:40:00","total_cost":6.66,"extracted_data":{"callback":"?"}}',
      ),
    ],
    charged: { 1: 10, 2: 20 },
    extracted: [1, 2],
  },
  'the partial cost of a line that went down never stands under completed': {
    bodies: [
      once(
        '{"id":"ID","status":"call-disconnected","retry_count":0,"updated_at":"2026-03-02T09:01:00","total_cost":6.66}',
      ),
      once(
        '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T09:01:10","total_cost":null}',
      ),
      [
        '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T09:01:30","total_cost":22.99,"conversation_duration":48.6}',
        '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T09:01:30","total_cost":22.990,"conversation_duration":48.60}',
      ],
    ],
    charged: { 1: 22.99 },
  },
  'and where the final cost never comes, it is missed': {
    bodies: [
      once(
        '{"id":"ID","status":"call-disconnected","retry_count":0,"updated_at":"2026-03-02T09:01:00","total_cost":6.66}',
      ),
      once(
        '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T09:01:10","total_cost":null}',
      ),
    ],
    charged: {},
    listed: [1],
  },
  'a cost that is corrected': {
    bodies: [
      once(
        '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T09:01:10","total_cost":6.66,"conversation_duration":48.6}',
      ),
      once(
        '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T10:15:00","total_cost":"22.99","conversation_duration":48.6}',
      ),
      once(
        '{"id":"ID","status":"in-progress","retry_count":0,"updated_at":"2026-03-02T09:00:20","total_cost":0}',
      ),
    ],
    charged: { 1: 22.99 },
    onTheWay: { 1: [6.66] },
  },
  'two ends, of which the second counts': {
    bodies: [
      once(
        '{"id":"ID","status":"busy","retry_count":0,"updated_at":"2026-03-02T09:00:40","total_cost":0}',
      ),
      once(
        '{"id":"ID","status":"in-progress","retry_count":0,"updated_at":"2026-03-02T09:00:50","total_cost":0}',
      ),
      once(
        '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T09:02:00","total_cost":22.99,"conversation_duration":48.6}',
      ),
    ],
    charged: { 1: 22.99 },
    onTheWay: { 1: [0, null] },
  },
  'an end that is known from the history of the next attempt alone': {
    bodies: [
      once(
        '{"id":"ID","status":"scheduled","retry_count":1,"updated_at":"2026-03-02T09:01:15","retry_history":[{"attempt":1,"status":"completed","at":"2026-03-02T09:01:12Z"}]}',
      ),
      ATTEMPT_2,
    ],
    charged: { 2: 20 },
    listed: [1],
  },
  'a cost of the first attempt that is corrected while the second one goes on': {
    bodies: [
      ATTEMPT_1,
      WAITING_2,
      once(
        '{"id":"ID","status":"completed","retry_count":0,"updated_at":"2026-03-02T09:35:00","total_cost":11.5,"conversation_duration":9.1,"answered_by_voice_mail":true}',
      ),
      once(
        '{"id":"ID","status":"call-disconnected","retry_count":1,"updated_at":"2026-03-02T09:40:00","total_cost":6.66}',
      ),
      ATTEMPT_2,
    ],
    charged: { 1: 11.5, 2: 20 },
    onTheWay: { 1: [10] },
  },
}

test.each(Object.entries(STORIES))('%s', async (_, story) => {
  const { charged, onTheWay = {}, listed = [], extracted = [] } = story
  const lines: LedgerLine[] = []
  const later = Date.UTC(2027, 0, 1)
  let now = Date.UTC(2026, 2, 2, 12)
  await using tracker = createTracker({
    store: createMemoryStore(),
    providers: [bolna],
    now: () => now,
  })
  const billing = startBilling(tracker, (line) => void lines.push(line))
  await billing.ready
  const orders = permutations(story.bodies)
  for (const [place, order] of orders.entries()) {
    const callId = `call-${place}`
    // Every message comes a second time, at once or at the end.
    const isAtOnce = place % 2 === 0
    const texts = isAtOnce
      ? order.flat()
      : [...order.map(([first]) => first), ...order.map(([, second]) => second)]
    for (const text of texts) {
      const rawBody = text.replace('ID', callId)
      expect(await tracker.ingest({ provider: 'bolna', kind: 'webhook', rawBody })).toMatchObject({
        ok: true,
      })
    }
  }
  await billing.idle()
  now = later
  const books = booksOf(lines)
  const missing = await listedIn(tracker, now)
  expect(books.problems).toEqual([])
  for (const [place, order] of orders.entries()) {
    const said = order.map(([first]) => first).join('\n')
    const ofCall = <Value>(all: ReadonlyMap<string, Value>) =>
      Object.fromEntries(
        [1, 2].flatMap((attempt) => {
          const value = all.get(`call-${place}/${attempt}`)
          return value === undefined ? [] : [[attempt, value]]
        }),
      )
    expect(ofCall(books.charged), said).toEqual(charged)
    for (const [attempt, amounts] of Object.entries(ofCall(books.amounts))) {
      const allowed = [charged[Number(attempt)], ...(onTheWay[Number(attempt)] ?? [])]
      for (const amount of amounts) expect(allowed, said).toContain(amount)
    }
    const costless = Object.entries(ofCall(missing)).filter(([, fields]) => fields.includes('cost'))
    expect(
      costless.map(([attempt]) => Number(attempt)),
      said,
    ).toEqual(listed)
    expect(ofCall(books.extractions), said).toEqual(
      Object.fromEntries(extracted.map((attempt) => [attempt, 1])),
    )
  }
})

test('a message that does not say its attempt is charged to one attempt in the end, in whatever order it came', async () => {
  const bodies = [
    // Attempt 2, as its time says once attempt 2 is known to have begun before it.
    '{"id":"ID","status":"completed","updated_at":"2026-03-02T09:40:20","total_cost":20,"conversation_duration":48.6}',
    '{"id":"ID","status":"scheduled","retry_count":1,"updated_at":"2026-03-02T09:01:15","retry_history":[{"attempt":1,"status":"no-answer","at":"2026-03-02T09:00:50Z"}]}',
  ]
  const record =
    '{"id":"ID","status":"completed","retry_count":1,"updated_at":"2026-03-02T09:40:20","total_cost":20,"conversation_duration":48.6}'
  const lines: LedgerLine[] = []
  const now = Date.UTC(2026, 2, 2, 12)
  await using tracker = createTracker({
    store: createMemoryStore(),
    providers: [bolna],
    now: () => now,
  })
  const write = (line: LedgerLine) => void lines.push({ ...line, dataOf: line.attempt })
  const billing = startBilling(tracker, write)
  await billing.ready
  const hear = async (kind: 'webhook' | 'record', text: string, callId: string) => {
    const rawBody = text.replace('ID', callId)
    expect(await tracker.ingest({ provider: 'bolna', kind, rawBody })).toMatchObject({ ok: true })
  }
  const stands = async (callId: string) => {
    await billing.idle()
    const { charged, problems } = booksOf(lines)
    expect(problems).toEqual([])
    const listed = await listedIn(tracker, Date.UTC(2027, 0, 1))
    return [1, 2].map((attempt) => {
      const name = `${callId}/${attempt}`
      return charged.get(name) ?? (listed.get(name)?.includes('cost') ? 'listed' : null)
    })
  }
  for (const [place, order] of permutations(bodies).entries()) {
    const callId = `call-${place}`
    for (const text of order) await hear('webhook', text, callId)
    // Where it came first it was read into attempt 1: what was charged for that is taken back.
    const isLast = order[1] === bodies[0]
    expect(await stands(callId)).toEqual([null, isLast ? 20 : 'listed'])
    await hear('record', record, callId)
    expect(await stands(callId)).toEqual([null, 20])
  }
})

/** All orders. */
function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((item, place) =>
    permutations(items.toSpliced(place, 1)).map((rest) => [item, ...rest]),
  )
}
