import text from 'virtual:machine-drawing'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { pathOf } from './call-path.ts'
import { createChartDrawing } from './chart-drawing.ts'
import { usePageModel } from './page-context.ts'
import { placeOfStep } from './time-travel.ts'

/** The machine with live counts, and the path of the open call. */
export function Chart() {
  const { counts, route, openCall, go } = usePageModel()
  const { filter, step, call } = route.value
  const holder = useRef<HTMLDivElement>(null)
  const drawing = useMemo(() => {
    return createChartDrawing(text, (status) => {
      const { filter } = route.peek()
      // Choosing it again lets all calls in.
      go({ filter: { ...filter, status: status === filter.status ? null : status } })
    })
  }, [route, go])
  const opened = openCall.value
  const steps = opened?.key === call ? opened.steps : []
  const place = placeOfStep(step, steps)
  const lifecycle = opened?.key === call ? opened.detail?.lifecycle : undefined
  const path = useMemo(
    () => pathOf(steps.slice(0, place), { provider: lifecycle }),
    [steps, place, lifecycle],
  )

  useEffect(() => {
    holder.current?.append(drawing.element)
  }, [drawing])
  drawing.show({ counts: counts.value, path, chosen: filter.status })
  const status = path?.status ?? null
  useEffect(() => {
    if (status !== null) drawing.reveal(status, holder.current)
  }, [drawing, status])

  return (
    <figure class="chart" aria-labelledby="chart-title">
      <figcaption>
        <h2 id="chart-title">The machine</h2>
        <Legend isTraced={path !== null} />
      </figcaption>
      <div class="drawing" ref={holder} />
    </figure>
  )
}

/** The kinds of lines that the drawing of the table's moves does not have. */
const OVERLAID: ReadonlySet<string> = new Set(['own', 'clash', 'late'])

/** What the lines mean. */
function Legend({ isTraced }: { isTraced: boolean }) {
  const lines = isTraced
    ? ([
        ['lit', 'heard of this call'],
        ['skipped', 'passed, not heard'],
        ['clash', 'conflict'],
        ['late', 'came late'],
      ] as const)
    : ([
        ['happy', 'a call that goes well'],
        ['observed', 'seen in real calls'],
        ['stated', 'documented'],
        ['inferred', 'our reading'],
        ['own', 'of one provider alone'],
        ['clash', 'conflict'],
      ] as const)
  return (
    <ul class="legend">
      {lines.map(([kind, words]) => (
        <li key={kind}>
          <svg class="callstate" viewBox="0 0 32 8" width="32" height="8" aria-hidden="true">
            <path class={OVERLAID.has(kind) ? kind : `move ${kind}`} d="M1 4H24" />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  )
}
