import type { Message, Provider, ProviderEvent } from 'callstate/providers'

/** The one event that a provider reads out of a message; undefined where it reads none. */
export function eventIn(
  provider: Provider,
  body: unknown,
  kind: Message['kind'] = null,
): ProviderEvent | undefined {
  const reading = provider.read({ body, kind })
  if (!reading.ok || reading.type !== 'events') return undefined
  if (reading.events.length !== 1) throw new Error(`${reading.events.length} events in a message`)
  return reading.events[0]
}

/** As `eventIn`; throws where there is none. */
export function eventOf(...message: Parameters<typeof eventIn>): ProviderEvent {
  const event = eventIn(...message)
  if (event === undefined)
    throw new Error(JSON.stringify(message[0].read({ body: message[1], kind: message[2] ?? null })))
  return event
}
