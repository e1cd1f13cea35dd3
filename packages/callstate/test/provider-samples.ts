import { PROVIDERS } from '../src/providers/all.ts'
import type { Provider } from '../src/providers/index.ts'
import type { ProviderSamples } from '../src/testing/index.ts'
import { acmeSamples, loadAcme } from './acme.ts'

/** A provider with what the conformance suite is given. */
export interface SampledProvider {
  readonly provider: Provider
  readonly samples: ProviderSamples
}

/** Every provider that callstate knows, with the samples of its folder, and the one from outside. */
export async function allWithSamples(): Promise<readonly SampledProvider[]> {
  const own = PROVIDERS.map(async (provider): Promise<SampledProvider> => {
    const file = new URL(`../src/providers/${provider.name}/samples.fixture.ts`, import.meta.url)
    const { samples } = await import(file.href)
    return { provider, samples }
  })
  return [...(await Promise.all(own)), { provider: await loadAcme(), samples: acmeSamples }]
}
