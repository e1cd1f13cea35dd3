import { defineProvider, type Provider } from 'callstate/providers'
import { loadModuleFile, messageOf, sentence } from '../command/module-file.ts'
import { printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'

/**
 * The provider that a file declares by its default export. Loading runs the file. Throws a `UsageError`
 * that names the file where it cannot be loaded, or where its default export declares no provider.
 */
export async function loadProviderFile(path: string): Promise<Provider> {
  const loaded = await loadModuleFile(path)
  if (!loaded.ok) throw refusalOf(path, loaded.why)
  if (loaded.value === undefined) {
    throw refusalOf(path, 'it has no default export; write "export default { name, statuses, … }"')
  }
  try {
    // What a file exports has no type: this is the very check of it.
    return defineProvider(loaded.value as Parameters<typeof defineProvider>[0])
  } catch (error) {
    throw refusalOf(path, messageOf(error))
  }
}

function refusalOf(path: string, why: string): UsageError {
  return new UsageError(`the provider "${printable(path)}" cannot be used: ${sentence(why)}`)
}
