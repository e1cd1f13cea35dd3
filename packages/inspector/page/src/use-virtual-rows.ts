import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useLayoutEffect, useReducer, useState } from 'preact/hooks'

/** The rows of a long list that are in view, and where they stand. */
export interface VirtualRows {
  readonly items: readonly VirtualItem[]
  readonly heightPx: number
  /** Moves the list as little as it takes to show the row. */
  reveal(place: number): void
}

/** Rows drawn above and below the view, so that a flick does not show an empty list. */
const OVERSCAN_ROWS = 6

/** Follows the scrolling of `list`, whose `count` rows are all `rowPx` high. */
export function useVirtualRows(
  list: RefObject<HTMLElement | null>,
  count: number,
  rowPx: number,
): VirtualRows {
  const [, draw] = useReducer<number, null>((drawn) => drawn + 1, 0)
  const options = {
    count,
    getScrollElement: () => list.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN_ROWS,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => draw(null),
  }
  const [virtual] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options))
  virtual.setOptions(options)
  useLayoutEffect(() => virtual._didMount(), [virtual])
  useLayoutEffect(() => virtual._willUpdate())
  useLayoutEffect(() => virtual.measure(), [virtual, rowPx])
  return {
    items: virtual.getVirtualItems(),
    heightPx: virtual.getTotalSize(),
    reveal: (place) => virtual.scrollToIndex(place),
  }
}
