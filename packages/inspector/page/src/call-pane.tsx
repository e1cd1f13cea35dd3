import { useComputed } from '@preact/signals'
import { EMPTY_CALL } from 'callstate'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { CallFacts } from './call-facts.tsx'
import { EventTable } from './event-table.tsx'
import { FinalDataOf } from './final-data.tsx'
import { usePageModel } from './page-context.ts'
import { StatusMark } from './status-mark.tsx'
import { placeOfStep, type Step, stepAt } from './time-travel.ts'
import { TimeTravelBar } from './time-travel-bar.tsx'
import { TimelineStrip } from './timeline-strip.tsx'

const NO_STEPS: readonly Step[] = []

/** One call: its facts, its timeline and its events, as they were known at the step that is looked at. */
export function CallPane({ callKey }: { callKey: string }) {
  const { route, openCall, rowOf, shown, go } = usePageModel()
  // The list hears of changes first. Changes of other calls, ten times a second, draw nothing here.
  const listed = useComputed(() => {
    shown.value
    return rowOf(callKey)
  })
  const section = useRef<HTMLElement>(null)
  const opened = openCall.value?.key === callKey ? openCall.value : null
  const steps = opened?.steps ?? NO_STEPS
  const place = placeOfStep(route.value.step, steps)
  const current = steps[place - 1]
  const call = current?.call ?? EMPTY_CALL
  const detail = opened?.detail ?? null
  const row = listed.value ?? detail?.row
  const close = () => {
    go({ call: null, step: null })
    document.getElementById('calls')?.focus()
  }
  const goTo = (to: number) => go({ step: stepAt(to, steps) }, 'replace')
  // A thousand rows that a step does not draw anew: those that it changes draw themselves.
  const total = detail?.total ?? 0
  const events = useMemo(
    () => <EventTable callKey={callKey} steps={steps} total={total} />,
    [callKey, steps, total],
  )
  useEffect(() => section.current?.focus(), [])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close()
    if (
      event.target instanceof HTMLInputElement ||
      event.altKey ||
      event.ctrlKey ||
      event.metaKey
    ) {
      return
    }
    const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 1, End: steps.length }[
      event.key
    ]
    if (to === undefined) return
    event.preventDefault()
    goTo(to)
  }
  return (
    <section
      id="call"
      class="call"
      tabIndex={-1}
      ref={section}
      aria-labelledby="call-title"
      onKeyDown={onKeyDown}
    >
      <div class="call-head">
        <h2 id="call-title">
          <StatusMark status={call.status} />
          <span class="status-name">{call.status ?? 'no status yet'}</span>
          <span class="id">{row?.callId ?? callKey}</span>
        </h2>
        <button type="button" onClick={close}>
          Close <kbd>Esc</kbd>
        </button>
      </div>
      {opened?.failure ? <p class="failure">{opened.failure}</p> : null}
      {opened === null || (detail === null && opened.failure === null) ? <p>Loading …</p> : null}
      {detail === null || current === undefined ? null : (
        <>
          <TimeTravelBar
            step={current}
            lifecycle={detail.lifecycle}
            place={place}
            count={steps.length}
            onGo={goTo}
          />
          <CallFacts
            call={call}
            row={row ?? detail.row}
            lifecycle={detail.lifecycle}
            isLatest={place === steps.length}
          />
          <TimelineStrip call={call} />
          <FinalDataOf attempts={detail.attempts ?? []} />
          {events}
        </>
      )}
    </section>
  )
}
