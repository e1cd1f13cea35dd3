import type { Message, Provider, ProviderEvent, Reading } from '../../providers/index.ts'
import type { ProviderSamples } from '../index.ts'
import { readAcme } from './honest.fixture.ts'

/** What is broken in the honest provider or in its samples, and what its check says of it. */
export interface Fault {
  readonly check: string
  /** What replaces parts of the honest provider. */
  readonly provider?: Partial<Provider>
  /** What replaces parts of the samples. */
  readonly samples?: Partial<ProviderSamples>
  readonly says: RegExp
}

/** A part of a provider that no honest one could have: its type is not looked at. */
export function broken<Key extends keyof Provider>(key: Key, value: unknown): Partial<Provider> {
  return { [key]: value } as Partial<Provider>
}

/** Reads as the honest provider does, and then changes each event. */
export function reading(
  change: (event: ProviderEvent, body: unknown) => object,
): Pick<Provider, 'read'> {
  const read = (message: Message) => {
    const honest = readAcme(message)
    if (!honest.ok || honest.type !== 'events') return honest
    return { ...honest, events: honest.events.map((event) => change(event, message.body)) }
  }
  // A faulty provider has a type that no honest one has.
  return { read: read as Provider['read'] }
}

/** Answers as the honest provider does, and then changes the answer. */
export function answering(
  change: (honest: Reading, message: Message) => unknown,
): Pick<Provider, 'read'> {
  return { read: ((message) => change(readAcme(message), message)) as Provider['read'] }
}
