import fc from 'fast-check'
import { createMemoryStore } from '../../memory/index.ts'
import { CALLS, type Operation, operation } from './operation.ts'
import { everythingIn, play } from './play.ts'
import { START_AT } from './sample-write.ts'
import {
  expectEqual,
  type StoreConformanceCheck,
  type StoreSubject,
  withStores,
} from './subject.ts'

/** Random histories, unless another number of them is wanted. */
const NUM_RUNS = 20

/** The most operations of one history. */
const MAX_OPERATIONS = 80

/** That the store answers as the memory store does, whatever is asked. */
export function modelChecks(
  subject: StoreSubject & { readonly numRuns?: number; readonly seed?: number },
): readonly StoreConformanceCheck[] {
  const { numRuns = NUM_RUNS, seed } = subject
  const steps = fc.array(
    fc.record({ step: operation(), waitMs: fc.constantFrom(0, 1000, 5000, 61_000) }),
    { minLength: 1, maxLength: MAX_OPERATIONS, size: 'max' },
  )
  const property = fc.asyncProperty(steps, (history) => answersAsTheModel(subject, history))
  return [
    {
      name: 'random operations get the answers that the memory store gives',
      run: () => {
        const parameters = { numRuns, includeErrorInReport: true }
        return fc.assert(property, seed === undefined ? parameters : { ...parameters, seed })
      },
    },
  ]
}

async function answersAsTheModel(
  subject: StoreSubject,
  history: readonly { readonly step: Operation; readonly waitMs: number }[],
): Promise<void> {
  await withStores(subject, async (store, other) => {
    const model = createMemoryStore()
    let waited = 0
    for (const [place, { step, waitMs }] of history.entries()) {
      waited += waitMs
      // Waits are whole seconds; a step has room for a time of each call.
      const now = START_AT + waited + place * CALLS.length
      const rows = (await model.load(CALLS)).map((one) => one?.row)
      const situation = { now, rows }
      const expected = await play(model, step, situation)
      const own = place % 2 === 0 ? store : other
      expectEqual(await play(own, step, situation), expected, `the answer to ${step.kind}`)
    }
    const end = START_AT + waited + MAX_OPERATIONS * CALLS.length
    expectEqual(await everythingIn(store, end), await everythingIn(model, end), 'what is stored')
  })
}
