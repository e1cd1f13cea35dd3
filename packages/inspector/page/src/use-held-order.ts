import { useState } from 'preact/hooks'
import type { CallRow } from '../../src/wire.ts'
import { usePageModel } from './page-context.ts'

/** The list as it is drawn: in its live order, or held still while someone looks at it. */
export interface HeldOrder {
  readonly rows: readonly CallRow[]
  readonly isHeld: boolean
  hold(): void
  release(): void
}

/**
 * Holds the order of the list still on demand, so that no call slips away under the pointer. What a
 * held call says is still kept up to date; another filter, another order and a restart
 * of the server release it.
 */
export function useHeldOrder(): HeldOrder {
  const { shown, route, hello } = usePageModel()
  const run = hello.value?.run
  const { filter, order } = route.value
  const [held, setHeld] = useState<{
    readonly rows: readonly CallRow[]
    readonly filter: unknown
    readonly order: unknown
    readonly run: unknown
  } | null>(null)
  const isSameView = held?.filter === filter && held.order === order && held.run === run
  const isHeld = held !== null && isSameView
  return {
    rows: isHeld ? held.rows : shown.value,
    isHeld,
    hold: () => (isHeld ? undefined : setHeld({ rows: shown.peek(), filter, order, run })),
    release: () => setHeld(null),
  }
}
