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

exports.useOthers = ({ machine, providers, bolna, dialgen, testing, xstate, fastCheck }) => {
  const actor = xstate.createActor(machine.callMachine).start()
  actor.send({ type: 'initiated' })
  assert.equal(actor.getSnapshot().value, 'initiated')

  const parsed = bolna.bolna.parse({
    id: 'c0ffee00-0000-4000-8000-000000000001',
    status: 'ringing',
  })
  assert.equal(parsed.ok && parsed.value.status, 'ringing')
  assert.equal(dialgen.dialgen.name, 'dialgen')
  assert.equal(providers.defineProvider(bolna.bolna), bolna.bolna)

  const [path] = fastCheck.sample(testing.legalPath({ direction: 'inbound' }), 1)
  assert.ok(path.length > 0)
}
