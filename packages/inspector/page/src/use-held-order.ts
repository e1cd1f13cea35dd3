import { useState } from 'preact/hooks'
import type { CallRow } from '../../src/wire.ts'
import { useInspector } from './inspector-context.ts'

/** The list as it is drawn: in its live order, or held still while someone looks at it. */
export interface HeldOrder {
  readonly rows: readonly CallRow[]
  readonly isHeld: boolean
  hold(): void
  release(): void
}

/**
 * Holds the order of the list still on demand, so that no call slips away under the pointer. What a
 * held call says is still kept up to date; another filter or order releases it.
 */
export function useHeldOrder(): HeldOrder {
  const { shown, route } = useInspector()
  const { filter, order } = route.value
  const [held, setHeld] = useState<{
    readonly rows: readonly CallRow[]
    readonly filter: unknown
    readonly order: unknown
  } | null>(null)
  const isHeld = held !== null && held.filter === filter && held.order === order
  return {
    rows: isHeld ? held.rows : shown.value,
    isHeld,
    hold: () => (isHeld ? undefined : setHeld({ rows: shown.peek(), filter, order })),
    release: () => setHeld(null),
  }
}
