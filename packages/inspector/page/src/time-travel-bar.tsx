import { checkTransition } from 'callstate'
import type { CallDetail } from '../../src/wire.ts'
import { localClock } from './local-time.ts'
import { usePageModel } from './page-context.ts'
import { effectOf, type Step } from './time-travel.ts'

/** Steps through the events of a call, and says what the event of this step did. */
export function TimeTravelBar(props: {
  step: Step
  lifecycle: CallDetail['lifecycle']
  place: number
  count: number
  onGo: (place: number) => void
}) {
  const { step, lifecycle, place, count, onGo } = props
  const { route } = usePageModel()
  const { item } = step
  const isFollowing = route.value.step === null
  return (
    <fieldset class="travel" aria-label="Time travel">
      <div class="travel-buttons">
        <Go name="First event" sign={SIGNS.first} disabled={place <= 1} onGo={() => onGo(1)} />
        <Go
          name="Previous event"
          sign={SIGNS.previous}
          disabled={place <= 1}
          onGo={() => onGo(place - 1)}
        />
        <Go
          name="Next event"
          sign={SIGNS.next}
          disabled={place >= count}
          onGo={() => onGo(place + 1)}
        />
        <Go
          name="Last event"
          sign={SIGNS.last}
          disabled={place >= count}
          onGo={() => onGo(count)}
        />
      </div>
      <input
        type="range"
        min={1}
        max={count}
        value={place}
        disabled={count < 2}
        aria-label="Event"
        aria-valuetext={`Event ${place} of ${count}: ${item.message}`}
        onInput={({ currentTarget }) => onGo(Number(currentTarget.value))}
      />
      <p class="travel-place">
        Event {place} of {count}
        {item.receivedAt === null ? '' : `, heard ${localClock(item.receivedAt)}`}
        {isFollowing ? <span class="quiet"> · the latest</span> : null}
      </p>
      {/* Read out as the reader steps; not while the page follows what comes in. */}
      <p class="travel-message" aria-live={isFollowing ? 'off' : 'polite'}>
        <span class={`decision ${effectOf(item)}`}>{effectOf(item)}</span> {item.message}
      </p>
      <StrictAnswer step={step} lifecycle={lifecycle} />
    </fieldset>
  )
}

function Go(props: { name: string; sign: string; disabled: boolean; onGo: () => void }) {
  const { name, sign, disabled, onGo } = props
  return (
    <button type="button" aria-label={name} title={name} disabled={disabled} onClick={onGo}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d={sign} />
      </svg>
    </button>
  )
}

/** Drawn, because not every font has arrows with a stop. */
const SIGNS = {
  first: 'M3 3v10M13 8H6M9 5 6 8l3 3',
  previous: 'M13 8H3M6 5 3 8l3 3',
  next: 'M3 8h10M10 5l3 3-3 3',
  last: 'M13 3v10M3 8h7M7 5l3 3-3 3',
} as const

/** What code that owns the call would have been told, where it would have been refused. */
function StrictAnswer(props: { step: Step; lifecycle: CallDetail['lifecycle'] }) {
  const { item, before } = props.step
  const { decision, refused } = item
  if (refused !== undefined || decision === null) return null
  if (decision.kind !== 'late' && decision.kind !== 'conflicting') return null
  if (before.status === null || before.attempt !== decision.attempt) return null
  const check = checkTransition(before.status, decision.status, { provider: props.lifecycle })
  if (check.ok) return null
  return <p class="quiet travel-strict">As a transition it would be refused: {check.message}</p>
}
