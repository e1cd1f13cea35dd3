import { createAgenda } from './agenda.ts'
import { createCourier } from './courier.ts'
import { createEmulatorApi } from './emulator-api.ts'
import { createEngine } from './engine.ts'
import { EmulatorError } from './error.ts'
import { type EmulatorOptions, settingsOf } from './options.ts'
import type { InboundCall, ProviderSide } from './provider-api.ts'
import { createApp, listen } from './server.ts'
import { SIDE_NAMES, SIDES, type SideName } from './sides.ts'
import { copyOfCall, copyOfDelivery, type Totals, type Truth, totalsOf } from './truth.ts'

/** One provider of an emulator. */
export interface EmulatedProvider {
  /** The base address of its API: what a client has in the place of the provider's own. */
  readonly url: string
  /** A person calls an agent; answers the call's identifier. Throws `invalid-option` where the provider takes none. */
  receive(call: InboundCall): string
}

/** A running emulator; `await using` stops it. */
export interface Emulator extends AsyncDisposable, Readonly<Record<SideName, EmulatedProvider>> {
  /** The address of the server. Every API also answers at its root. */
  readonly url: string
  /** The emulator's time in milliseconds since 1970. */
  now(): number
  /** What truly happened so far. */
  truth(): Truth
  /** The sums of the truth alone: cheap, however many calls there are. */
  totals(): Totals
  /**
   * Moves the step clock by so many milliseconds: all that comes due happens, in order, and its
   * deliveries have ended. Rejects with `clock-runs` on any other clock.
   */
  advance(ms: number): Promise<void>
  /**
   * Resolves once all calls are over and all deliveries have ended; the step clock moves up to there.
   * A call in a batch that was not scheduled waits for no time, and is not waited for.
   */
  idle(): Promise<void>
  /** Stops everything: no timer, no socket and no request stays. */
  stop(): Promise<void>
}

/**
 * Starts an emulator: the providers' APIs on this machine, with calls that live and end as real ones
 * do, and webhooks that go through the weather. Rejects with an `EmulatorError`: `invalid-option`; or
 * with the server's error where the address cannot be had.
 *
 * @example
 * await using emulator = await startEmulator({ seed: 7, clock: 'step', weather: 'storm' })
 * const client = createBolnaClient({ baseUrl: emulator.bolna.url, apiKey: 'any' })
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = settingsOf(options)
  const agenda = createAgenda(settings.pace, settings.startAt)
  const courier = createCourier({ ...settings, agenda, onWebhook: options.onWebhook })
  const shared = { apiKeys: settings.apiKeys, hasRateLimits: settings.rateLimits }
  const providers = SIDE_NAMES.map((name) => {
    const engine = createEngine({
      ...settings,
      provider: name,
      agenda,
      courier,
      side: () => side,
    })
    const side: ProviderSide = SIDES[name](engine, shared, options)
    return { name, engine, side }
  })

  const callTruths = () => providers.flatMap(({ engine }) => engine.callTruths())
  const otherDeliveries = () => providers.flatMap(({ engine }) => engine.otherDeliveries())
  const totals = () => totalsOf(callTruths(), otherDeliveries())
  const truth = (): Truth => {
    const calls = callTruths()
    const deliveries = otherDeliveries()
    // Copies: what is true goes on changing.
    return {
      seed: settings.seed,
      now: agenda.now(),
      weather: { ...settings.weather },
      totals: totalsOf(calls, deliveries),
      calls: calls.map(copyOfCall),
      deliveries: deliveries.map(copyOfDelivery),
    }
  }
  const { now, advance, idle } = agenda
  const sides = providers.map(({ side }) => side)
  const app = createApp(sides, createEmulatorApi({ sides, truth, totals, now, advance, idle }))
  const listening = await listen(app, settings.host, settings.port)
  const { url } = listening

  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      courier.stop()
      await Promise.all([agenda.stop(), listening.close()])
    })()
    return stopping
  }
  const handles = Object.fromEntries(
    providers.map(({ name, side }) => [name, { url: `${url}/${name}`, receive: receiver(side) }]),
  ) as Record<SideName, EmulatedProvider>
  return { ...handles, url, now, truth, totals, advance, idle, stop, [Symbol.asyncDispose]: stop }
}

function receiver(side: ProviderSide): EmulatedProvider['receive'] {
  return (call) => {
    if (side.receive !== undefined) return side.receive(call).id
    throw new EmulatorError('invalid-option', `${side.name} takes no inbound calls.`)
  }
}
