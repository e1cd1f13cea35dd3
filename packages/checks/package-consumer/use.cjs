// What a consumer does with each module, once; whether it was imported or required makes no difference.
const assert = require('node:assert/strict')

exports.useRoot = ({ callstate, diagram, text }) => {
  const { assertTransition, canTransition, isCallstateError, isSettled, isTerminal, replay } =
    callstate
  assert.equal(isTerminal('busy'), true)
  assert.equal(canTransition('ringing', 'completed'), false)
  assert.throws(() => assertTransition('ringing', 'completed'), isCallstateError)
  const { call, history } = replay([{ status: 'completed' }, { status: 'ringing' }])
  assert.equal(call.status, 'completed')
  assert.equal(isSettled(call), true)
  assert.equal(text.decisionText(history[1].decision), 'ringing came after attempt 1 had passed it')
  assert.ok(diagram.machineMermaid().includes('call-disconnected'))
}

exports.useOthers = ({ machine, providers, bolna, testing, xstate, fastCheck }) => {
  const actor = xstate.createActor(machine.callMachine).start()
  actor.send({ type: 'initiated' })
  assert.equal(actor.getSnapshot().value, 'initiated')

  const body = { id: 'c0ffee00-0000-4000-8000-000000000001', status: 'ringing' }
  const { events } = bolna.bolna.read({ kind: 'webhook', body })
  assert.deepEqual(
    events.map(({ status }) => status),
    ['ringing'],
  )
  const acme = providers.defineProvider({
    name: 'acme',
    statuses: { RINGING: { status: 'ringing' }, DONE: { status: 'completed' } },
    recognizes: () => true,
    read: () => ({ ok: true, type: 'events', events: [] }),
  })
  assert.equal(acme.statuses.RINGING.loss, null)

  const [path] = fastCheck.sample(testing.legalPath({ direction: 'inbound' }), 1)
  assert.ok(path.length > 0)
}

/** Each provider of the list is what its own subpath gives. */
exports.useProviders = async (list, load) => {
  assert.ok(list.length > 1)
  for (const provider of list) {
    const module = await load(`callstate/providers/${provider.name}`)
    assert.ok(Object.values(module).includes(provider), provider.name)
  }
}
