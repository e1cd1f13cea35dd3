import type { ProviderEvent } from 'callstate/providers'

/**
 * What is kept of a message: gets the parsed message and gives what is to be stored, undefined for
 * nothing. It must not change what it gets. The event was read from the whole message before.
 */
export type Redact = (body: unknown, event: ProviderEvent) => unknown

/**
 * What leaves these fields out of a message, for `redact` of a tracker and of `recordDeliveries`. They are
 * named by dotted paths; a path that leads through a list means every element of it.
 *
 * @example
 * createTracker({ store, providers, redact: redactFields(['transcript', 'telephony_data.to_number']) })
 */
export function redactFields(paths: readonly string[]): (body: unknown) => unknown {
  const split = paths.map((path) => path.split('.'))
  return (body) => split.reduce(without, body)
}

function without(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((element) => without(element, path))
  if (!Object.hasOwn(value, name)) return value
  const entries = Object.entries(value)
  // Made from entries, so that a field called `__proto__` stays a field.
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([key]) => key !== name)
      : entries.map(([key, inner]) => [key, key === name ? without(inner, rest) : inner]),
  )
}
