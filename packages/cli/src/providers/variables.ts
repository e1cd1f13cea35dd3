import type { OriginScheme, Provider } from 'callstate/providers'
import { UsageError } from '../command/usage-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The environment variable that holds the key of a scheme of origin. Pure. */
export function keyVariable({ name, origin }: Provider, scheme: OriginScheme): string {
  return origin.length === 1
    ? `CALLSTATE_${upper(name)}_SECRET`
    : `CALLSTATE_${upper(name)}_${upper(scheme.name)}_SECRET`
}

/** The environment variable that holds the key with which a provider is asked. Pure. */
export function apiKeyVariable({ name }: Provider): string {
  return `${upper(name)}_API_KEY`
}

/** The environment variable that says where a provider is asked, if not at its own address. Pure. */
export function apiUrlVariable({ name }: Provider): string {
  return `${upper(name)}_API_URL`
}

/**
 * The keys of a provider's schemes of origin, by the name of the scheme; null where none is set. Throws a
 * `UsageError` where only some are.
 */
export function keysIn(
  provider: Provider,
  env: Environment,
): Readonly<Record<string, string>> | null {
  const keys = provider.origin.map((scheme) => {
    const variable = keyVariable(provider, scheme)
    return { name: scheme.name, variable, key: env[variable] ?? '' }
  })
  const missing = keys.filter(({ key }) => key === '')
  if (missing.length === keys.length) return null
  if (missing.length > 0) {
    const variables = missing.map(({ variable }) => variable).join(' and ')
    throw new UsageError(
      `expected a key for each proof of ${provider.title}, got none in ${variables}.`,
    )
  }
  return Object.fromEntries(keys.map(({ name, key }) => [name, key]))
}

function upper(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}
