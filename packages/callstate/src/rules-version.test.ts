import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { reportCases } from '../test/report.ts'
import { CALL_STATUSES, type CallEvent, type OwnLifecycle, replay } from './index.ts'
import { RULES_VERSION } from './internal/index.ts'
import { bolna } from './providers/bolna/index.ts'
import { dialgen } from './providers/dialgen/index.ts'

/** The digest of all decisions over the events below, by version of the rules. */
const DIGESTS: Readonly<Record<number, string>> = {
  2: '501b3d73dabe8eb6375a02b6455eeb903589eb8849d65d44d8af4ada63438e5f',
}

const PROVIDERS: readonly (OwnLifecycle | undefined)[] = [undefined, bolna, dialgen]

// The order is written out: the digest is of the rules, not of the order of the table.
const STATUSES = [...CALL_STATUSES].sort()

/** Every status after every other, in the attempt, in the next one and without one. */
function* ofTwo(): Generator<readonly CallEvent[]> {
  for (const first of STATUSES) {
    for (const second of STATUSES) {
      for (const attempt of [1, 2, null]) {
        yield [
          { status: first, attempt: 1, occurredAt: 1 },
          { status: second, attempt, occurredAt: 2 },
        ]
      }
    }
  }
}

/** Every three statuses of one attempt, without times. */
function* ofThree(): Generator<readonly CallEvent[]> {
  for (const first of STATUSES) {
    for (const second of STATUSES) {
      for (const third of STATUSES) yield [first, second, third].map((status) => ({ status }))
    }
  }
}

/** Few statuses with every choice of attempt and time, the last one also with an earlier one beside it. */
function* ofAttempts(): Generator<readonly CallEvent[]> {
  const some = (['queued', 'in-progress', 'busy', 'failed'] as const).flatMap((status) =>
    [null, 1, 2, 3].flatMap((attempt) =>
      [null, 1, 4].map((occurredAt) => ({ status, attempt, occurredAt })),
    ),
  )
  const last: CallEvent[] = [
    { status: 'failed', attempt: 2, occurredAt: 4 },
    { status: 'queued', attempt: 3, occurredAt: 2 },
    { status: 'busy', occurredAt: 3 },
    { status: 'busy' },
    { status: null, word: 'warp', earlier: [{ attempt: 1, status: 'failed', occurredAt: 2 }] },
    { status: 'queued', attempt: 2, earlier: [{ attempt: 1, status: 'busy' }] },
  ]
  for (const first of some) {
    for (const second of some) {
      for (const third of last) yield [first, second, third]
    }
  }
}

test('every decision over the enumerated events is that of this version of the rules', () => {
  const hash = createHash('sha256')
  let cases = 0
  for (const provider of PROVIDERS) {
    for (const sets of [ofTwo, ofThree, ofAttempts]) {
      for (const events of sets()) {
        const { call, history } = replay(events, { provider })
        const decided = history.map(({ decision }) => inFixedOrder(decision))
        hash.update(`${JSON.stringify([call.status, call.attempt, decided])}\n`)
        cases++
      }
    }
  }
  reportCases('sets of events in the digest of the rules', cases)
  expect(
    hash.digest('hex'),
    'A decision is another than it was. If that is meant, raise RULES_VERSION in rules-version.ts and pin the new digest here under its number: what is stored says by which rules it was decided.',
  ).toBe(DIGESTS[RULES_VERSION])
})

/** The parts of a decision by name: the order in which they are written is no rule. */
function inFixedOrder(decision: object): readonly (readonly [string, unknown])[] {
  return Object.entries(decision).sort(([a], [b]) => (a < b ? -1 : 1))
}
