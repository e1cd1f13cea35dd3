import { claimingChecks } from './store/claiming.ts'
import { consumingChecks } from './store/consuming.ts'
import { deadLetterChecks } from './store/dead-letters.ts'
import { followingChecks } from './store/following.ts'
import { keepingChecks } from './store/keeping.ts'
import { listingChecks } from './store/listing.ts'
import { modelChecks } from './store/model.ts'
import { pollingChecks } from './store/polling.ts'
import { registeringChecks } from './store/registering.ts'
import { replacingChecks } from './store/replacing.ts'
import type { StoreConformanceCheck, StoreSubject } from './store/subject.ts'
import { writingChecks } from './store/writing.ts'

/** The store to check, and how much chance is to try. */
export interface StoreConformanceOptions extends StoreSubject {
  /** Random histories that the store and the model both live through; 20 when left out. */
  readonly numRuns?: number
  /** Makes them the same ones again: the seed that a failure printed. */
  readonly seed?: number
}

/**
 * What every store has to keep, as a list of checks for any test framework. Each has a sentence as its
 * name; `run` rejects with an Error that says what is wrong, and otherwise resolves. Every check opens
 * a store of its own and closes it.
 *
 * The last check plays random operations on the store and on the memory store and compares every
 * answer; where they differ, the error names the seed and the shortest history that shows it.
 *
 * @example
 * for (const check of storeConformance({ open: async () => createMemoryStore() })) {
 *   test(check.name, check.run)
 * }
 */
export function storeConformance(
  options: StoreConformanceOptions,
): readonly StoreConformanceCheck[] {
  return [
    ...writingChecks(options),
    ...replacingChecks(options),
    ...listingChecks(options),
    ...pollingChecks(options),
    ...followingChecks(options),
    ...registeringChecks(options),
    ...consumingChecks(options),
    ...claimingChecks(options),
    ...deadLetterChecks(options),
    ...keepingChecks(options),
    ...modelChecks(options),
  ]
}
