import { setTimeout as pause } from 'node:timers/promises'
import type { Emulator } from '../../emulator/src/index.ts'
import type { MoneyBillingOptions } from './money-billing.ts'
import { PLACED_PATH } from './money-calls.ts'
import type { MoneyReceiverOptions } from './money-receiver.ts'
import { type NodeProcess, startNode } from './node-process.ts'
import type { StoreAddress } from './store-address.ts'

/** What the service is told. */
export interface TargetOptions {
  readonly address: StoreAddress
  readonly ledgerPath: string
  readonly speed: number
  readonly seed: number
  readonly say: (progress: string) => void
}

/** Longer than every budget and every pause between two questions. */
const SILENCE_MS = 2 * 3_600_000
const MAX_LOOKS = 300

/** A receiver and a billing process on one store, which can be killed. */
export interface Target {
  readonly port: number
  start(emulator: Emulator): Promise<void>
  /** Kills one of them or both, and starts them again. */
  kill(which: readonly (keyof Killable)[]): Promise<void>
  /** Hands the reply to a placed call over, until it is taken. */
  placed(reply: unknown): Promise<void>
  /** Moves the receiver's clock on, and has it ask, until nobody is asked any more. */
  heal(): Promise<void>
  stop(): Promise<void>
}

/** The processes of the service. */
export interface Killable {
  receiver: NodeProcess
  billing: NodeProcess
}

/** The service, not started yet. */
export function createTarget(options: TargetOptions): Target {
  const { address, ledgerPath, speed, seed, say } = options
  // The port must be known before the emulator is there, and the same after a kill.
  const port = 20_000 + (seed % 20_000)
  let running: Killable | undefined
  let told: Pick<MoneyReceiverOptions, 'baseUrl' | 'clock'> | undefined

  const startReceiver = async () => {
    if (told === undefined) throw new Error('There is no emulator yet.')
    const receiver = startNode('./money-receiver.ts', { address, port, ...told })
    if ((await receiver.line()) === null) throw new Error('The receiver did not start.')
    return receiver
  }
  const startBillingProcess = async () => {
    const argument: MoneyBillingOptions = { address, ledgerPath }
    const billing = startNode('./money-billing.ts', argument)
    if ((await billing.line()) === null) throw new Error('Billing did not start.')
    return billing
  }
  const processes = () => {
    if (running === undefined) throw new Error('The service does not run.')
    return running
  }
  return {
    port,
    async start(emulator) {
      const clock = { machineAt: Date.now(), shows: emulator.now(), speed }
      told = { baseUrl: emulator.at('bolna').url, clock }
      running = { receiver: await startReceiver(), billing: await startBillingProcess() }
    },
    async kill(which) {
      const now = processes()
      for (const name of which) {
        now[name].kill()
        const code = await now[name].ended
        if (code !== null) throw new Error(`${name} had ended by itself, with code ${code}.`)
      }
      say(`killed: ${which.join(' and ')}`)
      if (which.includes('receiver')) now.receiver = await startReceiver()
      if (which.includes('billing')) now.billing = await startBillingProcess()
    },
    async placed(reply) {
      const body = JSON.stringify(reply)
      for (;;) {
        const answer = await fetch(`http://127.0.0.1:${port}${PLACED_PATH}`, {
          method: 'POST',
          body,
        }).catch(() => null)
        if (answer?.ok) return
        if (answer?.status === 400) throw new Error('The receiver refused a reply.')
        await pause(50)
      }
    },
    async heal() {
      const { receiver } = processes()
      for (let look = 1; look <= MAX_LOOKS; look++) {
        receiver.tell(String(SILENCE_MS))
        const line = await receiver.line()
        if (line === null) throw new Error('The receiver has ended.')
        const { asked, news, failed } = JSON.parse(line)
        say(`look ${look}: asked about ${asked}, news of ${news}, in vain ${failed}`)
        if (asked === 0) return
      }
      throw new Error('The poller came to no end.')
    },
    async stop() {
      const { receiver, billing } = processes()
      receiver.kill()
      billing.kill()
      await Promise.all([receiver.ended, billing.ended])
    },
  }
}
