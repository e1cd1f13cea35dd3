import { expect, test } from 'vitest'
import { REDACTED, redactInspection } from './index.ts'

const PHONE = '+12025550123'

const actor = {
  type: '@xstate.actor',
  name: PHONE,
  sessionId: PHONE,
  rootId: 'x:12345',
  parentId: undefined,
  id: null,
  createdAt: '1767261600000',
  _version: '0.7.2',
  definition: JSON.stringify({
    id: 'crm',
    context: { phone: PHONE },
    states: {
      context: {
        on: { input: { target: 'output', actions: [{ type: 'say', params: { to: PHONE } }] } },
      },
      output: { invoke: { src: 'dial', input: { to: PHONE } }, meta: { owner: 'Priya' } },
    },
  }),
  snapshot: {
    status: 'active',
    value: { talking: 'first', [PHONE]: 'second' },
    tags: new Set(['busy', 'Priya Example']),
    context: { phone: PHONE, tries: 2 },
    output: 'hello Priya',
    error: new Error(`cannot dial ${PHONE}`),
    children: { 'x:1': { snapshot: { context: { phone: PHONE } } } },
  },
  somethingNew: PHONE,
}

test('of an actor its chart and its states are kept, and none of its data', () => {
  const redacted = redactInspection(actor)
  expect(redacted).toEqual({
    type: '@xstate.actor',
    name: REDACTED,
    sessionId: expect.stringMatching(/^redacted-[0-9a-f]{8}$/),
    rootId: 'x:12345',
    id: null,
    createdAt: '1767261600000',
    _version: '0.7.2',
    definition: JSON.stringify({
      id: 'crm',
      // States and events may be called like the fields that hold data.
      states: {
        context: { on: { input: { target: 'output', actions: [{ type: 'say' }] } } },
        output: { invoke: { src: 'dial' } },
      },
    }),
    snapshot: {
      status: 'active',
      value: { talking: 'first', [REDACTED]: 'second' },
      tags: ['busy', REDACTED],
      context: { phone: REDACTED, tries: 2 },
      output: REDACTED,
    },
  })
  expect(redactInspection(redacted)).toEqual(redacted)
})

test('actors whose names are not shown stay apart, and keep their new names', () => {
  const nameOf = (sessionId: string) =>
    redactInspection({ type: '@xstate.event', sessionId }).sessionId
  expect(nameOf(PHONE)).toBe(nameOf(PHONE))
  expect(nameOf(PHONE)).not.toBe(nameOf('+12025550124'))
  const call = 'bolna 5f0c3a52-1f7e-4b7c-9a55-0123456789ab'
  for (const kept of ['x:0', 'crm', 'bolna c-1', call]) expect(nameOf(kept)).toBe(kept)
})

test('of an event its type is kept, and its fields as a message is redacted', () => {
  const event = { type: 'say', text: 'hello Priya', from: PHONE, occurredAt: 1_767_261_600_000 }
  const redact = (sent: unknown) =>
    redactInspection({ type: '@xstate.event', sessionId: 'x:0', event: sent }).event
  expect(redact(event)).toEqual({
    type: 'say',
    text: REDACTED,
    from: REDACTED,
    occurredAt: 1_767_261_600_000,
  })
  expect(redact({ type: 'xstate.init', input: { phone: PHONE } })).toEqual({
    type: 'xstate.init',
    input: { phone: REDACTED },
  })
  expect(redact({ type: PHONE })).toEqual({ type: REDACTED })
  for (const odd of [null, 7, 'text', []]) expect(redact(odd)).toMatchObject({ type: REDACTED })
})

test('a definition that is none, and a message with nothing in it, are no problem', () => {
  const definition = '{"id":'
  expect(redactInspection({ ...actor, definition })).toMatchObject({ definition: REDACTED })
  expect(redactInspection({ type: 'other', sessionId: 'x:0' })).toEqual({
    type: 'other',
    sessionId: 'x:0',
  })
})

test('a field of any name or shape is no problem, and none of them passes unread', () => {
  const nested = `${'{"a":'.repeat(50_000)}"b"${'}'.repeat(50_000)}`
  const texts = [
    `{"__proto__": {"phone": "${PHONE}"}}`,
    `{"constructor": {"phone": "${PHONE}"}, "hasOwnProperty": {"phone": "${PHONE}"}}`,
    '{"id": {"toString": 1, "valueOf": 1}}',
    `{"snapshot": {"value": ${nested}}}`,
  ]
  for (const text of texts) {
    const sent = { ...JSON.parse(text), type: '@xstate.snapshot', sessionId: 'x:0' }
    expect(JSON.stringify(redactInspection(sent))).not.toContain('555')
  }
  const value = Array.from({ length: 40 }).reduce((inner) => ({ a: inner }), 'deepest')
  const deep = { type: '@xstate.snapshot', sessionId: 'x:0', snapshot: { value } }
  expect(JSON.stringify(redactInspection(deep))).not.toContain('deepest')
  const event = {
    get type(): string {
      throw new Error('not now')
    },
  }
  const sent = { type: '@xstate.event', sessionId: 'x:0', event }
  expect(redactInspection(sent).event).toBe(REDACTED)
})

test('a machine whose name is not shown keeps its chart', () => {
  const chart = { id: PHONE, states: { busy: { id: `${PHONE}.busy`, on: { a: `#${PHONE}` } } } }
  const sent = { type: '@xstate.actor', sessionId: 'x:0', definition: JSON.stringify(chart) }
  expect(JSON.parse(redactInspection(sent).definition)).toEqual({
    id: REDACTED,
    states: { busy: { id: `${REDACTED}.busy`, on: { a: `#${REDACTED}` } } },
  })
  const nameless = { ...sent, definition: '{"id":"","initial":"a","states":{"a":{}}}' }
  expect(redactInspection(nameless).definition).toBe(nameless.definition)
})
