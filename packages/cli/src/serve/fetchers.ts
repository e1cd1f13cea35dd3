import { createFetcher, type Fetcher, isTrackerError } from '@callstate/tracker'
import type { Provider } from 'callstate/providers'
import type { Terminal } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { apiKeyVariable, apiUrlVariable } from '../providers/variables.ts'

/**
 * What asks the providers about calls: those whose API key is in the environment, at their own address
 * or, for tests, at one that is there too. Throws a `UsageError` for what cannot be sent.
 */
export function fetchersOf(
  providers: readonly Provider[],
  env: Terminal['env'],
): readonly Fetcher[] {
  return providers.flatMap((provider) => {
    const [keyName, urlName] = [apiKeyVariable(provider), apiUrlVariable(provider)]
    const { [keyName]: key = '', [urlName]: baseUrl = '' } = env
    if (provider.ask === null || key === '') return []
    try {
      return [createFetcher(provider, { key, ...(baseUrl !== '' && { baseUrl }) })]
    } catch (error) {
      if (!isTrackerError(error)) throw error
      throw new UsageError(`what is in ${keyName} or ${urlName} cannot be used. ${error.message}`)
    }
  })
}
