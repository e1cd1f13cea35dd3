import type { Provider } from 'callstate/providers'
import { createDispatcher } from './dispatcher.ts'
import { createEmulatorApi } from './emulator-api.ts'
import { createEngine } from './engine.ts'
import { EmulatorError } from './error.ts'
import { type EmulatorOptions, settingsOf } from './options.ts'
import type { InboundCall, OutboundCall, ProviderSide } from './provider-api.ts'
import { createScheduler } from './scheduler.ts'
import { createApp, listen } from './server.ts'
import { createSide } from './sides.ts'
import { copyOfCall, copyOfDelivery, type Totals, type Truth, totalsOf } from './truth.ts'
import { checkKeys, createSender } from './webhooks.ts'

/** One provider of an emulator. */
export interface EmulatedProvider {
  /** The base address of its API: what a client has in the place of the provider's own. */
  readonly url: string
  /**
   * Places a call as a request to the API would, for tests that need no client of the provider's; answers
   * the call's identifier. Throws `invalid-option`.
   */
  place(call?: OutboundCall): string
  /** A person calls an agent; answers the call's identifier. Throws `invalid-option` where the provider takes none. */
  receive(call: InboundCall): string
}

/** A running emulator; `await using` stops it. */
export interface Emulator extends AsyncDisposable {
  /** The address of the server. An API that is emulated in full also answers at its root. */
  readonly url: string
  /** The provider of this name. Throws `invalid-option` for one that is not emulated. */
  at(provider: string): EmulatedProvider
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
 * const client = createBolnaClient({ baseUrl: emulator.at('bolna').url, apiKey: 'any' })
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = settingsOf(options)
  await checkKeys(settings.providers, settings.webhooks)
  const scheduler = createScheduler(settings.pace, settings.startAt)
  const { onWebhook, onDelivery } = options
  const dispatcher = createDispatcher({ ...settings, scheduler, onWebhook, onDelivery })
  const providers = settings.providers.map((provider: Provider) => {
    const { name } = provider
    const sender = createSender(provider, settings.webhooks[name] ?? {})
    const engine = createEngine({
      ...settings,
      provider: name,
      sender,
      scheduler,
      dispatcher,
      side: () => side,
    })
    const shared = {
      provider,
      webhookUrl: sender.url,
      apiKeys: settings.apiKeys,
      hasRateLimits: settings.rateLimits,
    }
    const side: ProviderSide = createSide(engine, shared, options)
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
      now: scheduler.now(),
      weather: { ...settings.weather },
      totals: totalsOf(calls, deliveries),
      calls: calls.map(copyOfCall),
      deliveries: deliveries.map(copyOfDelivery),
    }
  }
  const { now, advance, idle } = scheduler
  const sides = providers.map(({ side }) => side)
  const app = createApp(sides, createEmulatorApi({ sides, truth, totals, now, advance, idle }))
  const listening = await listen(app, settings.host, settings.port)
  const { url } = listening

  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      dispatcher.stop()
      await Promise.all([scheduler.stop(), listening.close()])
    })()
    return stopping
  }
  const handles = new Map(providers.map(({ name, side }) => [name, handleOf(side, url)]))
  const at = (name: string) => {
    const handle = handles.get(name)
    if (handle !== undefined) return handle
    const message = `"${name}" is not emulated; there are ${[...handles.keys()].join(', ')}.`
    throw new EmulatorError('invalid-option', message)
  }
  return { at, url, now, truth, totals, advance, idle, stop, [Symbol.asyncDispose]: stop }
}

function handleOf(side: ProviderSide, url: string): EmulatedProvider {
  return {
    url: `${url}/${side.name}`,
    place: (call = {}) => side.place(call).id,
    receive(call) {
      if (side.receive !== undefined) return side.receive(call).id
      throw new EmulatorError('invalid-option', `${side.name} takes no inbound calls.`)
    },
  }
}
