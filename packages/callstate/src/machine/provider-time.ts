/** The provider's time that an event carries; null where it carries none that is a finite number. */
export function timeOf(event: { readonly occurredAt?: number | null }): number | null {
  const { occurredAt } = event
  return typeof occurredAt === 'number' && Number.isFinite(occurredAt) ? occurredAt : null
}
