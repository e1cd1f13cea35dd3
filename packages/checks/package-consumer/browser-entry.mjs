import { isSettled, replay } from 'callstate'
import * as diagram from 'callstate/diagram'
import { callMachine } from 'callstate/machine'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import * as text from 'callstate/text'

export function answer() {
  const bodies = ['completed', 'ringing'].map((status) => ({ id: 'call-1', status }))
  const events = bodies.map((body) => bolna.parse(body)).map((parsed) => parsed.value)
  const { call } = replay(events)
  return `${call.status} ${isSettled(call) ? 'settled' : 'open'}`
}

export const alsoBundled = [diagram, callMachine, dialgen, text]
