import { delayMs } from '../backoff.ts'
import { errorName } from '../error-name.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { STORE_BACKOFF } from './settings.ts'

/**
 * Does something with the store until it succeeds; false where the consumer stops before. Failures are
 * logged and waited out. Rejects with an error that `isFinal`.
 */
export async function insist(
  { context, name, settings, stopping }: ConsumerRun,
  work: () => Promise<void>,
  isFinal = (_: unknown) => false,
): Promise<boolean> {
  for (let failures = 0; !stopping.aborted; failures++) {
    try {
      await work()
      return true
    } catch (error) {
      if (isFinal(error)) throw error
      const said = 'The store failed a consumer, which tries again.'
      context.logger.warn({ consumer: name, error: errorName(error) }, said)
    }
    await settings.sleep(delayMs(STORE_BACKOFF, failures, settings.random), stopping)
  }
  return false
}
