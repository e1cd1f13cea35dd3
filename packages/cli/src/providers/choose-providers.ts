import type { Provider } from 'callstate/providers'
import { PROVIDERS } from 'callstate/providers/all'
import { moduleUrl } from '../command/module-file.ts'
import { printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { loadProviderFile } from './provider-file.ts'

/** Stands for every provider: whose message it is, is told by its shape. */
export const ANY_PROVIDER = 'auto'

/** The names of callstate's own providers. */
export const PROVIDER_NAMES: readonly string[] = PROVIDERS.map(({ name }) => name)

/** Whether a word names the file of a provider: a name has letters, digits and hyphens only. Pure. */
export function isProviderPath(word: string): boolean {
  return /[./\\:]/.test(word)
}

/** The providers of one run of a command. */
export interface ChosenProviders {
  /** What was said of them, from which they can be chosen again on another thread. */
  readonly words: readonly string[]
  /** All of them: those of files, then callstate's own. */
  readonly known: readonly Provider[]
  /** Those that were named, in their order; all of `known` where none was, or `auto`. */
  readonly named: readonly Provider[]
}

/**
 * Reads the values of `--provider`: names of callstate's own providers, paths of files with anybody's, or
 * `auto`, which also stands for nothing at all. Throws a `UsageError` for a file that cannot be used, and
 * for two providers of one name.
 */
export async function chooseProviders(words: readonly string[]): Promise<ChosenProviders> {
  const files = await loadFiles(words.filter(isProviderPath))
  const known = [...files.values(), ...PROVIDERS]
  if (words.length === 0 || words.includes(ANY_PROVIDER)) return { words, known, named: known }
  const named = words.flatMap((word) => {
    const provider = isProviderPath(word)
      ? files.get(moduleUrl(word))
      : PROVIDERS.find(({ name }) => name === word)
    return provider ?? []
  })
  return { words, known, named: [...new Set(named)] }
}

/** The one provider that `--provider` names, null where it names none, among all that are known then. */
export async function chooseProvider(
  word: string | undefined,
): Promise<{ readonly provider: Provider | null; readonly known: readonly Provider[] }> {
  const { known, named } = await chooseProviders(word === undefined ? [] : [word])
  return { provider: word === undefined ? null : (named[0] ?? null), known }
}

/** The providers of these files, by their addresses. */
async function loadFiles(paths: readonly string[]): Promise<ReadonlyMap<string, Provider>> {
  const files = new Map<string, Provider>()
  const takenBy = new Map(PROVIDER_NAMES.map((name) => [name, "one of callstate's own"]))
  for (const path of paths) {
    const url = moduleUrl(path)
    if (files.has(url)) continue
    const provider = await loadProviderFile(path)
    const shown = `"${printable(path)}"`
    const other = takenBy.get(provider.name)
    if (other !== undefined) {
      throw new UsageError(
        `the provider ${shown} is called "${provider.name}", as is ${other}. Give it another name.`,
      )
    }
    takenBy.set(provider.name, shown)
    files.set(url, provider)
  }
  return files
}
