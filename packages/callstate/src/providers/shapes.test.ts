import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bolna } from './bolna/index.ts'
import { plivoCompleted, retryScheduled } from './bolna/records.fixture.ts'
import { dialgen } from './dialgen/index.ts'
import { MESSAGES, RECENT_CALL } from './dialgen/messages.fixture.ts'

// A message has one owner at most, so that a log of both providers can be read by shape.

const ownersOf = (body: unknown) =>
  [bolna, dialgen].filter((provider) => provider.recognizes(body)).map(({ name }) => name)

test.each<[unknown, readonly string[]]>([
  [plivoCompleted, ['bolna']],
  [retryScheduled, ['bolna']],
  [{ id: 'a', status: 404 }, ['bolna']],
  ...MESSAGES.map((body): [unknown, string[]] => [body, ['dialgen']]),
  [{ callId: 'a' }, ['dialgen']],
  [{ id: 'call_9', status: 'COMPLETED' }, []],
  [RECENT_CALL, []],
  // With both identifiers it is no Dialgen message, which has one of them.
  [{ id: 'a', callId: 'b', status: 'ringing' }, ['bolna']],
  [{ id: 'a', callId: 'b', status: 404 }, ['bolna']],
  [{ id: 'a', callId: 'b', status: 'COMPLETED', agent_id: 'c' }, ['bolna']],
  [{ id: 'a', callId: 'b', status: 'COMPLETED' }, []],
  [{ execution_id: 'a', callId: 'b', status: 'queued' }, ['bolna']],
  [{ execution_id: 'a', callId: 'b', status: 'MISSED' }, ['dialgen']],
  [{ execution_id: 'a', callId: 'b', status: 404 }, ['dialgen']],
  [{ id: 'a', status: 'ringing', callData: { id: 'b', status: 'MISSED' } }, ['bolna']],
])('the owner of %j is %j', (body, owners) => {
  expect(ownersOf(body)).toEqual(owners)
})

test('no message has two owners', () => {
  const id = fc.constantFrom<unknown>('a', 7, '', null, {})
  const status = fc.constantFrom<unknown>('ringing', 'completed', 'COMPLETED', 'A b', '', 404, null)
  const some = (shape: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record(shape, { requiredKeys: [] })
  const call = fc.oneof(some({ id, callId: id, status }), fc.constantFrom<unknown>(null, [], 'x'))
  const body = some({
    id,
    execution_id: id,
    callId: id,
    status,
    callData: call,
    data: call,
    event: fc.constant('call.completed'),
    agent_id: fc.constantFrom('b', null),
    created_at: fc.constant(''),
  })
  const owned: Record<string, number> = { bolna: 0, dialgen: 0, nobody: 0 }
  fc.assert(
    fc.property(body, (message) => {
      const owners = ownersOf(message)
      expect(owners.length).toBeLessThanOrEqual(1)
      const owner = owners[0] ?? 'nobody'
      owned[owner] = (owned[owner] ?? 0) + 1
    }),
    { numRuns: 5000 },
  )
  expect(Math.min(...Object.values(owned))).toBeGreaterThan(100)
})
