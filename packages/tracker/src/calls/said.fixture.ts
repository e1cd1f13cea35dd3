import fc from 'fast-check'
import { ENDS, type Said, WORDS } from './till.fixture.ts'

const message = (attempt: fc.Arbitrary<number | null>): fc.Arbitrary<Said> =>
  fc.record({
    id: fc.constant('c-1' as const),
    word: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...ENDS) },
      { weight: 3, arbitrary: fc.constantFrom(...WORDS) },
    ),
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('webhook' as const, 'record' as const) },
      { weight: 1, arbitrary: fc.constant('list-item' as const) },
    ),
    attempt,
    at: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 5 }),
    seq: fc.option(fc.integer({ min: 0, max: 2 })),
    cost: fc.option(fc.constantFrom(0, 5, 22.99), { freq: 3 }),
    secs: fc.option(fc.constantFrom(0, 30)),
    file: fc.option(fc.constantFrom('', 'r-1', 'r-2')),
    earlier: fc.option(
      fc.record({ attempt: fc.integer({ min: 1, max: 2 }), word: fc.constantFrom(...ENDS) }),
      { freq: 2 },
    ),
  })

const named = message(fc.integer({ min: 1, max: 3 }))
/** Nobody says an attempt, so there is one. */
const unsaid = message(fc.constant(null)).map((said) => ({ ...said, earlier: null }))

/** With a time, and with nothing beside that tells of another attempt. */
const timed = (one: fc.Arbitrary<Said>) =>
  one.map((said): Said => ({ ...said, at: said.at ?? 0, earlier: null }))

/**
 * Some say their attempt and some do not. A call keeps the first and the last time of a status without an
 * attempt, so that two of them are told apart and a third may not be.
 */
const mixed = fc
  .tuple(
    fc.array(timed(named), { minLength: 1, maxLength: 6 }),
    fc.array(timed(unsaid), { minLength: 1, maxLength: 2 }),
  )
  .map(([some, others]) => [...some, ...others])

/** Each says its attempt, or none does, or some do. */
export const messages: fc.Arbitrary<readonly Said[]> = fc
  .oneof(
    { weight: 4, arbitrary: fc.array(named, { minLength: 1, maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(unsaid, { minLength: 1, maxLength: 8 }) },
    { weight: 4, arbitrary: mixed },
  )
  .chain(shuffledOf)

/** Each says its attempt and another time, or another number at one time. */
export const messagesOfManyTimes: fc.Arbitrary<readonly Said[]> = fc.uniqueArray(named, {
  minLength: 1,
  maxLength: 8,
  selector: ({ at, seq }) => `${at} ${seq}`,
})

/** All are of one attempt, and say one time and one number. */
export const messagesOfOneTime: fc.Arbitrary<readonly Said[]> = fc
  .array(
    unsaid.map((said): Said => ({ ...said, word: 'completed', kind: 'webhook', at: 3, seq: null })),
    { minLength: 2, maxLength: 6 },
  )
  .map((all) => all.map((said) => ({ ...said, attempt: 1 })))

/** The same in any order. */
export function shuffledOf<Item>(all: readonly Item[]): fc.Arbitrary<readonly Item[]> {
  return fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })
}
