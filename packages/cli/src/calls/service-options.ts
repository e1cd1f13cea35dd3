import { createTracker, isTrackerError } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import type { Provider } from 'callstate/providers'
import { loadModuleFile, messageOf, sentence } from '../command/module-file.ts'
import { printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { NO_OPTIONS, SERVICE_OPTIONS, type ServiceOptions } from './service-options-option.ts'

export type { ServiceOptions } from './service-options-option.ts'

/**
 * The options of a service, from the default export of a module or from a JSON file; none for `none` and
 * where nothing was said. Loading a module runs it. Throws a `UsageError` that names the file where it
 * cannot be loaded, and for what a tracker with these providers refuses.
 */
export async function loadServiceOptions(
  word: string | undefined,
  providers: readonly Provider[],
): Promise<ServiceOptions> {
  if (word === undefined || word === NO_OPTIONS) return {}
  const loaded = await loadModuleFile(word)
  if (!loaded.ok) throw refusalOf(word, loaded.why)
  if (loaded.value === undefined) {
    throw refusalOf(word, 'it has no default export; write "export default { retryPolicies, … }"')
  }
  return checked(word, loaded.value, providers)
}

/** A tracker knows best what it takes; one on no database is asked. */
async function checked(
  path: string,
  value: unknown,
  providers: readonly Provider[],
): Promise<ServiceOptions> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusalOf(path, `expected an object with ${SERVICE_OPTIONS.join(', ')}`)
  }
  const strange = Object.keys(value).find(
    (name) => !SERVICE_OPTIONS.some((known) => known === name),
  )
  if (strange !== undefined) {
    throw refusalOf(
      path,
      `expected in it ${SERVICE_OPTIONS.join(', ')}; got "${printable(strange)}"`,
    )
  }
  try {
    const options: ServiceOptions = value
    await createTracker({ ...options, store: createMemoryStore(), providers }).close()
    return options
  } catch (error) {
    if (!isTrackerError(error) || error.code !== 'invalid-option') throw error
    throw refusalOf(path, messageOf(error))
  }
}

function refusalOf(path: string, why: string): UsageError {
  return new UsageError(`the options "${printable(path)}" cannot be used: ${sentence(why)}`)
}
