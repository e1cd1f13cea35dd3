import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, type CallStatus, isTerminal } from '../../index.ts'
import { finalFieldsIn } from '../final-fields-in.ts'
import { stories } from '../told-story.fixture.ts'
import { bolna } from './index.ts'
import { plivoCompleted, SEQUENCES } from './records.fixture.ts'

/** What is read of a message as it comes, by its text. */
function saidIn(text: string) {
  const body: unknown = JSON.parse(text)
  const reading = bolna.read({ kind: 'webhook', body })
  if (!reading.ok || reading.type !== 'events') throw new Error('No event.')
  const [event] = reading.events
  if (event === undefined) throw new Error('No event.')
  return { status: event.status, said: finalFieldsIn(bolna, event, body) }
}

describe('the cost', () => {
  test.each<[string, number | null]>([
    ['22.99', 22.99],
    ['22.0', 22],
    ['22', 22],
    ['"22.00"', 22],
    ['"22.99"', 22.99],
    ['1e2', 100],
    ['1.0E2', 100],
    ['0', 0],
    ['0.0', 0],
    ['-0.0', 0],
    ['"0"', 0],
    ['null', null],
    ['""', null],
    ['"22 cents"', null],
    ['"22,99"', null],
    ['"NaN"', null],
    ['1e999', null],
    ['true', null],
    ['[22]', null],
    ['{"total": 22}', null],
  ])('%s is %j cents', (written, cents) => {
    const { said } = saidIn(`{"id": "c-1", "status": "completed", "total_cost": ${written}}`)
    expect(said.cost).toEqual(
      cents === null ? undefined : { amount: cents, currency: null, unit: 'cent' },
    )
  })

  test('is not said where the field is missing, or stands elsewhere', () => {
    expect(saidIn('{"id": "c-1", "status": "completed"}').said).toEqual({})
    const inside = '{"id": "c-1", "status": "completed", "cost_breakdown": {"total_cost": 3}}'
    expect(saidIn(inside).said).toEqual({})
  })
})

describe('the extraction', () => {
  const body = (fields: string) => `{"id": "c-1", "status": "completed", ${fields}}`

  test.each<[string, string | undefined]>([
    ['"extracted_data": {"a": 1}, "agent_extraction": "{}"', '/extracted_data'],
    ['"extracted_data": null, "agent_extraction": "{\\"a\\":1}"', '/agent_extraction'],
    ['"extracted_data": {}, "agent_extraction": {"a": 1}', '/agent_extraction'],
    ['"agent_extraction": "", "custom_extractions": [{"a": 1}]', '/custom_extractions'],
    ['"extracted_data": null, "agent_extraction": null, "custom_extractions": null', undefined],
  ])('of %s is at %j', (fields, pointer) => {
    expect(saidIn(body(fields)).said.extraction).toBe(pointer)
  })
})

test('a completed record, in the layout of a real one, says all that there is', () => {
  const { said } = saidIn(JSON.stringify(plivoCompleted))
  expect(said).toMatchObject({ cost: { unit: 'cent' }, transcript: '/transcript' })
  expect(said.durationMs).toBeGreaterThan(0)
})

describe('of each of its ends', () => {
  // Written a second time, by hand: who bills reads it as this table.
  const expected: Readonly<Record<string, readonly (readonly string[])[]>> = {
    completed: [['cost', 'durationMs'], []],
    error: [['cost'], []],
    failed: [[], ['cost']],
    stopped: [[], ['cost']],
    canceled: [[], ['cost']],
    busy: [[], ['cost']],
    'no-answer': [[], ['cost']],
    'balance-low': [[], ['cost']],
  }

  test.each(CALL_STATUSES.filter(isTerminal))('%s', (end) => {
    const fields = bolna.habits.final[end]
    expect([fields?.expected, fields?.expectedIfConnected ?? []]).toEqual(expected[end])
    expect(fields?.final).toEqual(expect.arrayContaining(['cost', 'hangupBy', 'reason']))
  })

  test('nothing else ends an attempt: a disconnect is no end, and what it says is partial', () => {
    const ends: readonly string[] = Object.keys(bolna.habits.final)
    const partial: CallStatus = 'call-disconnected'
    expect(ends).not.toContain(partial)
    expect(ends).toHaveLength(8)
  })
})

test('real sequences of completed calls bring what is expected by their last message', () => {
  let completed = 0
  for (const { messages } of SEQUENCES) {
    const { status, said } = saidIn(JSON.stringify(messages.at(-1)))
    if (status === null || !isTerminal(status)) continue
    const { expected = [] } = bolna.habits.final[status] ?? {}
    if (status === 'completed') completed++
    expect(Object.keys(said)).toEqual(expect.arrayContaining([...expected]))
  }
  expect(completed).toBeGreaterThan(0)
})

test('what is told of an end is whole where the line was up, and nothing where it was not', () => {
  const heard = { up: 0, down: 0, partial: 0 }
  fc.assert(
    fc.property(stories(bolna), (moments) => {
      for (const moment of moments) {
        const { attempt, status, steps, facts } = moment
        const [message] = bolna.tell?.(moment, 'webhook') ?? []
        const { said } = saidIn(message?.body ?? '')
        const { cost = null, recordingUrl, transcript, extraction } = facts
        if (status === 'call-disconnected' && cost !== null && cost >= 1) {
          heard.partial++
          expect(said.cost?.amount).toBeLessThan(cost)
          expect([said.recording, said.extraction]).toEqual([undefined, undefined])
        }
        if (!isTerminal(status)) continue
        const isUp = steps.some(
          (step) =>
            step.attempt === attempt &&
            ['in-progress', 'call-disconnected', 'completed'].includes(step.status),
        )
        heard[isUp ? 'up' : 'down']++
        expect(said.cost?.amount).toBe(isUp ? (cost ?? undefined) : 0)
        expect(said.recording !== undefined).toBe(isUp && (recordingUrl ?? null) !== null)
        expect(said.transcript !== undefined).toBe(isUp && (transcript ?? null) !== null)
        expect(said.extraction !== undefined).toBe(isUp && (extraction ?? null) !== null)
      }
    }),
    { numRuns: 300 },
  )
  expect(Math.min(...Object.values(heard))).toBeGreaterThan(20)
})
