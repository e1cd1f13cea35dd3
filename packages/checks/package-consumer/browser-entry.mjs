import { isSettled, replay } from 'callstate'
import * as diagram from 'callstate/diagram'
import { callMachine } from 'callstate/machine'
import { PROVIDERS } from 'callstate/providers/all'
import { bolna } from 'callstate/providers/bolna'
import * as text from 'callstate/text'

export function answer() {
  const bodies = ['completed', 'ringing'].map((status) => ({ id: 'call-1', status }))
  const { call } = replay(bodies.flatMap((body) => bolna.read({ kind: 'webhook', body }).events))
  return `${call.status} ${isSettled(call) ? 'settled' : 'open'}`
}

export const alsoBundled = [diagram, callMachine, PROVIDERS, text]
