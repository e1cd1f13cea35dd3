import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { callMachine } from 'callstate/machine'
import { WebSocket, WebSocketServer } from 'ws'
import { type ActorOptions, type AnyActorLogic, assign, createActor, setup } from 'xstate'

const PHONE = '+12025550123'
const TRANSCRIPT = 'assistant: hello Priya, your appointment is confirmed'
/** What must not be seen anywhere of all that the actors are told. */
export const PERSONAL = /2025550|202555|Priya|appointment/

/** Somebody's own machine, with personal data wherever XState has room for it. */
const crm = setup({
  types: {
    context: {} as { phone: string; said: string[]; tries: number },
    input: {} as { phone: string; tries: number },
    output: {} as { transcript: string; digits: number },
    events: {} as { type: 'say'; text: string; from: string } | { type: 'end'; number: number },
  },
}).createMachine({
  id: 'crm',
  initial: 'talking',
  context: ({ input }) => ({ ...input, said: [] }),
  output: ({ context }) => ({ transcript: context.said.join(), digits: Number(context.phone) }),
  states: {
    talking: {
      on: {
        say: { actions: assign({ said: ({ context, event }) => [...context.said, event.text] }) },
        end: 'over',
      },
    },
    over: { type: 'final' },
  },
})

/** Everything that an actor of `callMachine` and somebody's own machine may be told. */
export function drive(inspect: NonNullable<ActorOptions<AnyActorLogic>['inspect']>) {
  const call = createActor(callMachine, { inspect, input: { guardrailsConfigured: false } }).start()
  const noise = { transcript: TRANSCRIPT, to_number: PHONE }
  call.send({ type: 'initiated', occurredAt: 1_767_261_600_000, ...noise })
  call.send({ type: 'queued', ...noise })
  call.send({ type: 'ringing' })
  call.send({ type: 'completed' })
  call.send({ type: 'busy' })

  const own = createActor(crm, { inspect, id: PHONE, input: { phone: PHONE, tries: 2 } }).start()
  own.send({ type: 'say', text: TRANSCRIPT, from: PHONE })
  own.send({ type: 'end', number: Number(PHONE) })
  return { call, own }
}

/** Everything that goes over the wire, as text: a relay between the actors and the inspector. */
export async function wiretap(target: string) {
  const wire: string[] = []
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  server.on('connection', (incoming) => {
    const outgoing = new WebSocket(target)
    const waiting: string[] = []
    outgoing.on('open', () => {
      for (const text of waiting.splice(0)) outgoing.send(text)
    })
    incoming.on('message', (data) => {
      wire.push(data.toString())
      if (outgoing.readyState === WebSocket.OPEN) outgoing.send(data.toString())
      else waiting.push(data.toString())
    })
    incoming.on('close', () => outgoing.close())
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}`,
    wire,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
