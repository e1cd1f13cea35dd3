import type { PollerOptions } from '@callstate/tracker'
import { bolnaAsker } from '@callstate/tracker/bolna'
import { dialgenAsker } from '@callstate/tracker/dialgen'
import type { Terminal } from '../terminal.ts'

/**
 * Those who can be asked about calls: the providers whose API key is in the environment, at their own
 * address or, for tests, at one that is there too. Throws a `TrackerError` for what cannot be sent.
 */
export function askersOf({
  BOLNA_API_KEY: bolnaKey = '',
  BOLNA_API_URL: bolnaUrl = '',
  DIALGEN_API_KEY: dialgenKey = '',
  DIALGEN_API_URL: dialgenUrl = '',
}: Terminal['env']): PollerOptions['askers'] {
  const at = (baseUrl: string) => (baseUrl === '' ? {} : { baseUrl })
  return [
    ...(bolnaKey === '' ? [] : [bolnaAsker({ apiKey: bolnaKey, ...at(bolnaUrl) })]),
    ...(dialgenKey === '' ? [] : [dialgenAsker({ apiKey: dialgenKey, ...at(dialgenUrl) })]),
  ]
}
