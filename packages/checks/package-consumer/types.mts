// Compiled, never run: what the types of the installed package promise.
import {
  assertTransition,
  type CallStatus,
  isTerminal,
  replay,
  type TerminalStatus,
} from 'callstate'
import * as diagram from 'callstate/diagram'
import { callMachine } from 'callstate/machine'
import { defineProvider, type Provider } from 'callstate/providers'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { legalPath } from 'callstate/testing'
import { decisionText } from 'callstate/text'
import fc from 'fast-check'
import { createActor } from 'xstate'

assertTransition('ringing', 'in-progress')
// @ts-expect-error No call that is ringing is completed in one move.
assertTransition('ringing', 'completed')

const status: CallStatus | null = replay([{ status: 'busy' }]).call.status
if (status !== null && isTerminal(status)) {
  const end: TerminalStatus = status
  // @ts-expect-error An end is no intermediate status.
  const other: 'ringing' = status
  console.log(end, other)
}

const provider: Provider = defineProvider(bolna)
const value: CallStatus = createActor(callMachine).getSnapshot().value
const paths: (readonly CallStatus[])[] = fc.sample(legalPath(), 1)
console.log(provider, dialgen.name, value, paths, diagram, decisionText)
