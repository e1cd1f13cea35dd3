import type { Provider } from '../../providers/provider.ts'
import { askChecks } from './ask.ts'
import { deliveringChecks } from './delivering.ts'
import { deliveryChecks } from './delivery.ts'
import { finalDataChecks } from './final-data.ts'
import { finalTellingChecks } from './final-telling.ts'
import { hostileChecks } from './hostile.ts'
import { legalityChecks } from './legality.ts'
import { originChecks } from './origin.ts'
import { readingChecks } from './reading.ts'
import type { ConformanceCheck, ProviderSamples } from './samples.ts'
import { tellingChecks } from './telling.ts'
import { vocabularyChecks } from './vocabulary.ts'
import { wordChecks } from './words.ts'

export type {
  ConformanceCheck,
  Covered,
  EventExpectation,
  ProviderSamples,
  SampleDelivery,
  SampleExpectation,
  SampleMessage,
  SignedSample,
} from './samples.ts'

/**
 * What every provider has to keep, as a list of checks for any test framework. Each has a sentence as
 * its name and says what it proves; `run` throws an Error that says what is wrong, and otherwise returns
 * or resolves.
 *
 * The samples are real messages of the provider (without anybody's personal data), one of each kind
 * at least: the checks alter, shuffle and damage them. Throws a TypeError where there is none, since
 * a check over nothing passes. Junk is drawn by fast-check: its global configuration sets seed and
 * number of runs. What a provider does not have (kinds, final data, schemes of origin, questions,
 * `tell`) has no checks.
 *
 * @example
 * const samples = { messages: [{ name: 'busy', body: { id: 'c1', state: 'BUSY' }, expect: { status: 'busy' } }] }
 * for (const check of providerConformance(acme, samples)) test(check.name, check.run)
 */
export function providerConformance(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  if (samples.messages.length === 0) {
    throw new TypeError(
      'The conformance suite needs at least one sample message; the list is empty.',
    )
  }
  return [
    ...vocabularyChecks(provider, samples),
    ...legalityChecks(provider),
    ...readingChecks(provider, samples),
    ...wordChecks(provider, samples),
    ...finalDataChecks(provider, samples),
    ...hostileChecks(provider, samples),
    ...deliveryChecks(provider, samples),
    ...originChecks(provider, samples),
    ...askChecks(provider, samples),
    ...tellingChecks(provider, samples),
    ...deliveringChecks(provider, samples),
    ...finalTellingChecks(provider, samples),
  ]
}
