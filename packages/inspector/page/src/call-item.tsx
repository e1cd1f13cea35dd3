import type { CallRow } from '../../src/wire.ts'
import { isPast, UNRECOGNIZED } from './call-filter.ts'
import { countText, OUTCOME_WORDS } from './call-words.ts'
import { StatusMark } from './status-mark.tsx'
import { shortDurationText } from './time-text.ts'

/** One call in the list. */
export function CallItem(props: {
  row: CallRow
  isGone: boolean
  now: number
  place: number
  count: number
  topPx: number
  isActive: boolean
  isOpen: boolean
}) {
  const { row, isGone, now, place, count, topPx, isActive, isOpen } = props
  const { status, attempt, settled, outcome, findings, dueAt, dataDueAt } = row
  const classes = ['item', isActive ? 'active' : '', isOpen ? 'open' : '', isGone ? 'gone' : '']
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list keeps the focus and points here.
    <div
      id={`call-${row.key}`}
      data-key={row.key}
      class={classes.filter((name) => name !== '').join(' ')}
      role="option"
      aria-selected={isOpen}
      aria-setsize={count}
      aria-posinset={place + 1}
      style={{ transform: `translateY(${topPx}px)` }}
    >
      <span class="line">
        <span class="status">
          <StatusMark status={status} />
          {status ?? UNRECOGNIZED}
        </span>
        <span class="id">{row.callId}</span>
        <span class="heard">
          {row.lastReceivedAt === 0 ? '–' : shortDurationText(now - row.lastReceivedAt)}
        </span>
      </span>
      <span class="line">
        <span class="facts quiet">
          {row.provider}
          {attempt > 1 ? ` · attempt ${attempt}` : ''}
          {outcome === 'unknown' ? '' : ` · ${OUTCOME_WORDS[outcome]}`}
          {settled ? ' · settled' : ''}
          {isGone ? ' · gone' : ''}
        </span>
        <span class="badges">
          {isPast(dueAt, now) ? (
            <span class="badge due">overdue {shortDurationText(now - dueAt)}</span>
          ) : null}
          {isPast(dataDueAt, now) ? (
            <span class="badge due">data overdue {shortDurationText(now - dataDueAt)}</span>
          ) : null}
          {findings > 0 ? (
            <span class="badge finding">{countText(findings, 'finding', 'findings')}</span>
          ) : null}
        </span>
      </span>
    </div>
  )
}
