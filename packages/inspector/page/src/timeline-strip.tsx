import type { Call } from 'callstate'
import { localClock, localDate } from './local-time.ts'
import { StatusMark } from './status-mark.tsx'
import { type StripPart, type StripRow, stripOf } from './strip.ts'
import { durationText } from './time-text.ts'

/** What was known of each attempt, as a strip for the eye and a table for exact times. */
export function TimelineStrip({ call }: { call: Call }) {
  const rows = stripOf(call)
  return (
    <section aria-labelledby="timeline-title">
      <h3 id="timeline-title">
        Timeline <span class="quiet">by the provider’s clock; lengths are drawn compressed</span>
      </h3>
      {rows.length === 0 ? <p class="note">No status of the table was heard yet.</p> : null}
      {rows.map((row) => (
        <Attempt key={row.attempt} row={row} />
      ))}
      {call.unrecognized.length === 0 ? null : (
        <p class="note">
          Outside the table:{' '}
          {call.unrecognized.map(({ word }) => `“${word.slice(0, 60)}”`).join(', ')}
        </p>
      )}
    </section>
  )
}

function Attempt({ row }: { row: StripRow }) {
  const { attempt, startedAt, lastedMs, parts } = row
  return (
    <div class="attempt">
      <h4>
        Attempt {attempt}
        <span class="quiet">
          {startedAt === null ? ', times unknown' : `, from ${localDate(startedAt)}`}
          {lastedMs === null ? '' : `, ${durationText(lastedMs)}`}
        </span>
      </h4>
      <ol class="strip">
        {parts.map((part) => (
          <Part key={part.status} part={part} />
        ))}
      </ol>
    </div>
  )
}

function Part({ part }: { part: StripPart }) {
  const { status, occurredAt, lastedMs, terminal, weight } = part
  const lasted = lastedMs === null ? (terminal ? 'the end' : '') : durationText(lastedMs)
  return (
    <li class={terminal ? 'part end' : 'part'} style={{ flexGrow: weight }}>
      <span class="part-name">
        <StatusMark status={status} /> {status}
      </span>
      <span class="part-length">{lasted}</span>
      <span class="part-time quiet">
        {occurredAt === null ? 'no time' : localClock(occurredAt)}
      </span>
    </li>
  )
}
