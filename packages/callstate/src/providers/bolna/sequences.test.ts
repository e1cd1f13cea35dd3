import { describe, expect, test } from 'vitest'
import { attemptsOf } from '../../attempts.ts'
import type { CallEvent } from '../../call.ts'
import { isSettled, observe, outcome, replay } from '../../index.ts'
import { eventIn } from '../one-event.fixture.ts'
import { bolna, safeParseBolnaPayload } from './index.ts'
import { SEQUENCES } from './records.fixture.ts'

function events(messages: readonly unknown[]) {
  return messages.map((message) => {
    const parsed = eventIn(bolna, message)
    if (!parsed.ok) throw new Error(parsed.issues.map((issue) => issue.message).join(' '))
    return parsed.value
  })
}

describe('calls as Bolna reports them', () => {
  test.each(SEQUENCES)('$title', ({ messages, ...expected }) => {
    const { call, history } = replay(events(messages))

    expect({
      status: call.status,
      attempt: call.attempt,
      outcome: outcome(call),
      settled: isSettled(call),
    }).toEqual({
      status: expected.status,
      attempt: expected.attempt,
      outcome: expected.outcome,
      settled: expected.settled,
    })
    expect(history.map(({ decision }) => decision.kind)).not.toContain('conflicting')
  })

  test.each(SEQUENCES)('in any order of arrival: $title', ({ messages }) => {
    const inOrder = replay<CallEvent>(events(messages)).call
    expect(replay<CallEvent>(events(messages).toReversed()).call).toEqual(inOrder)
  })

  test('a delivery that comes twice says nothing new', () => {
    for (const { messages } of SEQUENCES) {
      const { call } = replay(events(messages))
      for (const event of events(messages)) {
        expect(observe(call, event)).toMatchObject({ decision: { kind: 'duplicate' } })
      }
    }
  })

  test('every full record among them fits the schema', () => {
    const records = SEQUENCES.flatMap(({ messages }) => messages).filter((message) =>
      Object.hasOwn(message as object, 'id'),
    )
    expect(records.length).toBeGreaterThan(25)
    for (const record of records) expect(safeParseBolnaPayload(record)).toMatchObject({ ok: true })
  })

  test('the end of the first attempt is known from the retry that follows it', () => {
    const [retry] = events([SEQUENCES.find(({ attempt }) => attempt === 2)?.messages.at(-1)])
    const { call } = replay([retry as CallEvent])
    expect(
      attemptsOf(call).map(({ attempt, seen }) => [attempt, seen.map((s) => s.status)]),
    ).toEqual([
      [1, ['no-answer']],
      [2, ['scheduled']],
    ])
  })
})
