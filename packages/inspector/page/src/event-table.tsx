import { useComputed } from '@preact/signals'
import { useState } from 'preact/hooks'
import type { EventItem, PayloadDetail } from '../../src/wire.ts'
import { type Answer, fetchPayload } from './api.ts'
import { numberText } from './call-words.ts'
import { localClock, localDate } from './local-time.ts'
import { usePageModel } from './page-context.ts'
import { effectOf, placeOfStep, type Step, stepAt } from './time-travel.ts'

/** Every event of a call in the order in which they came, with what each one did. */
export function EventTable(props: { callKey: string; steps: readonly Step[]; total: number }) {
  const { callKey, steps, total } = props
  return (
    <section aria-labelledby="events-title">
      <h3 id="events-title">Events</h3>
      {total > steps.length ? (
        <p class="note">
          The history is very long: these are the latest {numberText(steps.length)} of{' '}
          {numberText(total)} events, and the steps begin with them.
        </p>
      ) : null}
      <div class="wide">
        <table class="events">
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">heard</th>
              <th scope="col">said</th>
              <th scope="col">decision</th>
              <th scope="col">why</th>
              <th scope="col">payload</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ item }, index) => (
              <EventRows key={item.sequence} callKey={callKey} item={item} place={index + 1} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

type Standing = 'known' | 'current' | 'to-come'

function standingOf(place: number, current: number): Standing {
  if (place === current) return 'current'
  return place < current ? 'known' : 'to-come'
}

const COLUMNS = 6

function EventRows(props: { callKey: string; item: EventItem; place: number }) {
  const { callKey, item, place } = props
  const { route, openCall, go } = usePageModel()
  const standing = useComputed(() => {
    return standingOf(place, placeOfStep(route.value.step, openCall.value?.steps ?? []))
  }).value
  const goHere = () => go({ step: stepAt(place, openCall.value?.steps ?? []) }, 'replace')
  const { sequence, receivedAt, event, message, hasPayload } = item
  const effect = effectOf(item)
  const [payload, setPayload] = useState<Answer<PayloadDetail> | 'loading' | null>(null)
  const toggle = async () => {
    if (payload !== null) return setPayload(null)
    setPayload('loading')
    setPayload(await fetchPayload(callKey, sequence))
  }
  return (
    <>
      <tr class={standing} aria-current={standing === 'current' ? 'step' : undefined}>
        <td>
          <button
            type="button"
            class="plain"
            aria-label={`Go to event ${sequence}`}
            onClick={goHere}
          >
            {sequence}
          </button>
        </td>
        <td class="time">
          {receivedAt === null ? (
            '–'
          ) : (
            <span title={localDate(receivedAt)}>{localClock(receivedAt)}</span>
          )}
          {item.kind === null ? null : <span class="quiet"> {item.kind}</span>}
        </td>
        <td>{event === null ? <span class="quiet">no message</span> : <Said event={event} />}</td>
        <td>
          <span class={`decision ${effect}`}>{effect}</span>
        </td>
        <td class="why">{message}</td>
        <td>
          {hasPayload ? (
            <button type="button" aria-expanded={payload !== null} onClick={() => void toggle()}>
              {payload === null ? 'show' : 'hide'}
              <span class="unseen"> payload of event {sequence}</span>
            </button>
          ) : (
            <span class="quiet">none kept</span>
          )}
        </td>
      </tr>
      {payload === null ? null : (
        <tr class="payload">
          <td colSpan={COLUMNS}>
            <Payload answer={payload} />
          </td>
        </tr>
      )}
    </>
  )
}

function Said({ event }: { event: NonNullable<EventItem['event']> }) {
  const { status, attempt, occurredAt } = event
  return (
    <>
      {status}
      {attempt == null ? null : <span class="quiet"> · attempt {attempt}</span>}
      {typeof occurredAt === 'number' ? (
        <span class="quiet below">at {localClock(occurredAt)}</span>
      ) : (
        <span class="quiet below">without a time</span>
      )}
    </>
  )
}

function Payload({ answer }: { answer: Answer<PayloadDetail> | 'loading' }) {
  if (answer === 'loading') return <p>Loading …</p>
  if (!answer.ok) return <p class="failure">{answer.message}</p>
  const { payload, redacted } = answer.value
  return (
    <>
      <p class="quiet">
        {redacted.length === 0
          ? 'Nothing had to be redacted.'
          : `Redacted: ${redacted.join(', ')}.`}
      </p>
      <pre>{JSON.stringify(payload, null, 2)}</pre>
    </>
  )
}
