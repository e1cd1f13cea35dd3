import { useEffect, useRef, useState } from 'preact/hooks'
import { isFiltering, NO_FILTER } from './call-filter.ts'
import { CallItem } from './call-item.tsx'
import { usePageModel } from './page-context.ts'
import { useHeldOrder } from './use-held-order.ts'
import { useVirtualRows } from './use-virtual-rows.ts'

/** In rem, so that the rows grow with the reader's font. */
const ROW_REM = 3

/** All calls, of which only those in view are drawn. */
export function CallList({ isLoading }: { isLoading: boolean }) {
  const { route, rowOf, now, go } = usePageModel()
  const order = useHeldOrder()
  const { rows } = order
  const list = useRef<HTMLDivElement>(null)
  const virtual = useVirtualRows(list, rows.length, ROW_REM * useRemPx())
  const [active, setActive] = useState<string | null>(null)
  const { filter, call } = route.value
  useEffect(() => {
    list.current?.scrollTo({ top: 0 })
  }, [filter, route.value.order])

  useEffect(() => {
    if (call !== null) setActive(call)
  }, [call])

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((list.current?.clientHeight ?? 0) / (ROW_REM * 16)) - 1)
    const from = rows.findIndex((row) => row.key === active)
    const to = placeAfter(event.key, from, page, rows.length)
    if (to !== null) {
      event.preventDefault()
      order.hold()
      setActive(rows[to]?.key ?? null)
      virtual.reveal(to)
    } else if (event.key === 'Enter' && active !== null) {
      go({ call: active, step: null })
    } else if (event.key === 'Escape') {
      order.release()
      setActive(null)
    }
  }
  const onClick = ({ target }: MouseEvent) => {
    const item = target instanceof Element ? target.closest('[data-key]') : null
    const key = item?.getAttribute('data-key') ?? null
    if (key === null) return
    go({ call: key, step: null })
  }
  // A call that is not in view has no element that could be pointed at.
  const isDrawn = virtual.items.some(({ index }) => rows[index]?.key === active)
  return (
    <>
      <HeldNote isHeld={order.isHeld} onRelease={order.release} />
      {rows.length === 0 ? (
        <EmptyList isLoading={isLoading} onClear={() => go({ filter: NO_FILTER }, 'replace')} />
      ) : null}
      <div
        id="calls"
        class="list"
        role="listbox"
        aria-label="Calls"
        tabIndex={0}
        ref={list}
        aria-activedescendant={isDrawn ? `call-${active}` : undefined}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onPointerDown={order.hold}
        onScroll={() => (list.current?.scrollTop ?? 0) > 0 && order.hold()}
      >
        <div class="rows" role="presentation" style={{ height: `${virtual.heightPx}px` }}>
          {virtual.items.map(({ index, start }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <CallItem
                key={row.key}
                row={rowOf(row.key) ?? row}
                isGone={rowOf(row.key) === undefined}
                now={now.value}
                place={index}
                count={rows.length}
                topPx={start}
                isActive={row.key === active}
                isOpen={row.key === call}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}

function HeldNote({ isHeld, onRelease }: { isHeld: boolean; onRelease: () => void }) {
  return (
    <p class="held quiet">
      {isHeld ? (
        <>
          Order held while you look.{' '}
          <button type="button" class="plain" onClick={onRelease}>
            update order
          </button>
        </>
      ) : (
        'In live order.'
      )}
    </p>
  )
}

function EmptyList({ isLoading, onClear }: { isLoading: boolean; onClear: () => void }) {
  const { route } = usePageModel()
  if (isFiltering(route.value.filter)) {
    return (
      <p class="empty">
        No call passes these filters.{' '}
        <button type="button" class="plain" onClick={onClear}>
          clear filters
        </button>
      </p>
    )
  }
  return <p class="empty">{isLoading ? 'Loading calls …' : 'No call has been heard of yet.'}</p>
}

/** Where a key leads in a list of `count` rows; null where it is no key of a list. */
function placeAfter(key: string, from: number, page: number, count: number): number | null {
  if (count === 0) return null
  const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page }
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  if (!(key in to)) return null
  return Math.min(Math.max(to[key as keyof typeof to], 0), count - 1)
}

function useRemPx(): number {
  const [remPx, setRemPx] = useState(rootFontPx)
  useEffect(() => {
    const measure = () => setRemPx(rootFontPx())
    window.addEventListener('resize', measure)
    return () => window.removeEventListener('resize', measure)
  }, [])
  return remPx
}

function rootFontPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
}
