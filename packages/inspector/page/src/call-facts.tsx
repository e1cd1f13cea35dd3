import { type Call, dueAt, durations, isSettled, outcome } from 'callstate'
import type { CallDetail, CallRow } from '../../src/wire.ts'
import {
  legalNext,
  MARK_WORDS,
  OUTCOME_WORDS,
  whyNeverDue,
  whyNothingIsNext,
} from './call-words.ts'
import { Fact } from './fact.tsx'
import { localDate } from './local-time.ts'
import { usePageModel } from './page-context.ts'
import { StatusMark } from './status-mark.tsx'
import { durationText, fromNow } from './time-text.ts'

/** How a call stands: at its latest event as the server says, before it as its events say. */
export function CallFacts({
  call,
  row,
  lifecycle,
  isLatest,
}: {
  call: Call
  row: CallRow
  lifecycle: CallDetail['lifecycle']
  isLatest: boolean
}) {
  const { hello, now } = usePageModel()
  const settled = isLatest ? row.settled : isSettled(call)
  const due = isLatest ? row.dueAt : dueAt(call)
  const became = isLatest ? row.outcome : outcome(call)
  const { ringingMs, talkingMs, wrappingUpMs } = durations(call)
  const lengths = [
    ['ringing', ringingMs],
    ['talking', talkingMs],
    ['wrapping up', wrappingUpMs],
  ] as const
  const told = lengths.flatMap(([name, ms]) => (ms === null ? [] : [`${name} ${durationText(ms)}`]))
  const provider = hello.value?.providers.find(({ name }) => name === row.provider)
  return (
    <dl class="facts-table">
      <Fact name="Provider">{provider?.title ?? row.provider}</Fact>
      <Fact name="Attempt">{call.attempt}</Fact>
      <Fact name="Outcome">{OUTCOME_WORDS[became]}</Fact>
      <Fact name="Settled">{settled ? 'yes, the call is over' : 'no'}</Fact>
      {told.length === 0 ? null : <Fact name="Durations">{told.join(', ')}</Fact>}
      <Fact name="Due">
        <Due due={due} now={now.value} isLatest={isLatest}>
          {whyNeverDue(call.status, settled)}
        </Due>
      </Fact>
      {isLatest && row.dataDueAt !== null ? (
        <Fact name="Data expected">
          <Due due={row.dataDueAt} now={now.value} isLatest={isLatest}>
            never
          </Due>
        </Fact>
      ) : null}
      <Fact name="Legal next">
        <LegalNextList call={call} settled={settled} lifecycle={lifecycle} />
      </Fact>
    </dl>
  )
}

function Due(props: {
  due: number | null
  now: number
  isLatest: boolean
  children: preact.ComponentChildren
}) {
  const { due, now, isLatest, children } = props
  if (due === null) return <>{children}</>
  const at = localDate(due)
  // Long ago in the story of a call, that a time has passed says nothing.
  if (!isLatest) return <>{at}, by the usual limits</>
  return due < now ? (
    <span class="badge due">
      {at}, overdue by {durationText(now - due)}
    </span>
  ) : (
    <>
      {at}, {fromNow(due, now)}
    </>
  )
}

function LegalNextList(props: {
  call: Call
  settled: boolean
  lifecycle: CallDetail['lifecycle']
}) {
  const { call, settled, lifecycle } = props
  const next = legalNext(call.status, { provider: lifecycle })
  if (next.length === 0) return <>{whyNothingIsNext(call, settled)}</>
  return (
    <ul class="next">
      {next.map(({ status, mark }) => (
        <li key={status} title={MARK_WORDS[mark]}>
          <StatusMark status={status} /> {status}
        </li>
      ))}
    </ul>
  )
}
