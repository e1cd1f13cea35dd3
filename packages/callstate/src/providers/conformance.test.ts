import { describe, test } from 'vitest'
import { allWithSamples } from '../../test/provider-samples.ts'
import { providerConformance } from '../testing/index.ts'

for (const { provider, samples } of await allWithSamples()) {
  describe(provider.title, () => {
    for (const { name, run } of providerConformance(provider, samples)) test(name, run)
  })
}
