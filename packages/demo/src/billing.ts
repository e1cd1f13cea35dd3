import { corrected, type OverdueCall, type Page, ready, type Tracker } from '@callstate/tracker'

/** What each attempt of a call is charged, by `attemptName`, in the provider's unit. */
export type Charges = ReadonlyMap<string, number>

/** Names an attempt of a call. Pure. */
export function attemptName(provider: string, callId: string, attempt: number): string {
  return `${provider} ${callId} ${attempt}`
}

/** Charges every attempt with what its own final record says that it cost. */
export function startBilling(tracker: Tracker): Charges {
  const charges = new Map<string, number>()
  tracker.consume(
    'billing',
    ({ provider, callId, attempt, finalData }) => {
      const name = attemptName(provider, callId, attempt)
      const cost = finalData?.cost ?? null
      // Set and never added: what is handed on again, or corrected, finds the amount that it replaces.
      if (cost === null) charges.delete(name)
      else charges.set(name, cost.amount)
    },
    { when: [ready('cost'), corrected('cost')], from: 'start' },
  )
  return charges
}

/** The attempts whose cost is expected and missing, and overdue by now. */
export async function missingCosts(tracker: Tracker): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  let cursor: string | null = null
  do {
    const page: Page<OverdueCall> = await tracker.overdue({ why: 'data', cursor })
    for (const { provider, callId, missing } of page.items) {
      for (const { attempt, fields } of missing) {
        if (fields.includes('cost')) names.add(attemptName(provider, callId, attempt))
      }
    }
    cursor = page.next
  } while (cursor !== null)
  return names
}
