import type { MessageKind, ParseResult, ProviderEvent } from './message.ts'
import type { Provider } from './provider.ts'

/** The one event that a provider reads out of a message, whose kind its shape tells where none is named. */
export function eventIn(
  provider: Pick<Provider, 'read'>,
  body: unknown,
  kind: MessageKind | null = null,
): ParseResult<ProviderEvent> {
  const reading = provider.read({ body, kind })
  if (!reading.ok) return reading
  if (reading.type !== 'events') throw new Error(`The message is of the type ${reading.type}.`)
  const [value, ...others] = reading.events
  if (value === undefined || others.length > 0) throw new Error('There is not exactly one event.')
  return { ok: true, value }
}
