import { setTimeout as wait } from 'node:timers/promises'
import {
  type ClockName,
  type Emulator,
  type EmulatorOptions,
  isEmulatorError,
  type SendingOptions,
  startEmulator,
  WEATHERS,
  type Weather,
  type WeatherName,
  type WebhookNews,
} from '@callstate/emulator'
import { isLoopbackHost } from '@callstate/inspector/internal'
import type { Logger } from '@callstate/tracker'
import type { Provider } from 'callstate/providers'
import { untilStopSignal } from '../command/stop-signal.ts'
import { colorsOf, jsonText, printable, type Terminal, write } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { chooseProviders } from '../providers/choose-providers.ts'
import { keysIn } from '../providers/variables.ts'
import { createLog, type LogFormat } from '../server/log.ts'
import { refusalOfListening } from '../server/running-server.ts'
import { createDeliveryLog } from './delivery-log.ts'
import { readScenario } from './scenario-file.ts'
import { startSilentReceiver } from './silent-receiver.ts'
import { totalsText } from './totals-text.ts'

/** The options of `callstate emulate`; those of the weather go over the named weather. */
export interface EmulateOptions extends Partial<Weather> {
  readonly port: number
  readonly host: string
  readonly webhook?: string
  readonly seed?: string
  readonly clock: ClockName
  readonly speed?: number
  readonly weather: WeatherName
  /** Path of a JSON file. */
  readonly scenario?: string
  /** How many calls to place; left out, the emulator waits for requests until a signal stops it. */
  readonly place?: number
  /** Who is emulated; calls are placed at the first one. All of callstate's own where none is named. */
  readonly provider?: readonly string[]
  /** The file to which the webhooks that are sent are written. */
  readonly out?: string
  readonly rateLimits: boolean
  readonly format: 'text' | 'json'
  readonly log: LogFormat
  readonly verbose: boolean
}

/** How a run can be ended beside by a signal. */
export interface EmulateControl {
  /** Resolves when it is to stop; a signal of the system by default. */
  readonly untilStop?: () => Promise<unknown>
}

/** Runs `callstate emulate` until all placed calls are over or a signal stops it, and gives its exit code. */
export async function runEmulate(
  given: EmulateOptions,
  terminal: Terminal,
  control: EmulateControl = {},
): Promise<number> {
  if (given.out === undefined || given.webhook !== undefined)
    return emulate(given, terminal, control)
  // What goes to a file has to go somewhere: to a receiver that takes it and says nothing.
  await using receiver = await startSilentReceiver()
  const webhook = `${receiver.url}/webhooks/${PROVIDER}`
  return await emulate({ ...given, webhook }, terminal, control)
}

async function emulate(
  options: EmulateOptions,
  terminal: Terminal,
  { untilStop = untilStopSignal }: EmulateControl,
): Promise<number> {
  const log = createLog(terminal.stderr, options, Date.now)
  const { known, named } = await chooseProviders(options.provider ?? [])
  const out = options.out === undefined ? null : createDeliveryLog(options.out)
  try {
    await using emulator = await start(named, options, terminal.env, {
      onWebhook: newsLogger(log),
      ...(out !== null && { onDelivery: out.write }),
    })
    await write(terminal.stdout, options.format === 'text' ? `${emulator.url}\n` : '')
    announce(emulator, named, options, log)
    const stopped = untilStop().then(() => log.info({}, 'Stopping.'))
    // Where none is named, all are emulated, and one will do.
    const places = named === known ? named.slice(0, 1) : named
    const placed = options.place === undefined ? null : place(emulator, places, options)
    // What is still being placed when it is stopped fails, and nobody cares.
    placed?.catch(() => {})
    await (placed === null ? stopped : Promise.race([placed, stopped]))
    const truth = emulator.truth()
    const colors = colorsOf(terminal)
    await write(
      terminal.stdout,
      options.format === 'json' ? jsonText(truth) : totalsText(truth, colors),
    )
    return 0
  } finally {
    out?.close()
  }
}

async function start(
  providers: readonly Provider[],
  options: EmulateOptions,
  env: Terminal['env'],
  listeners: Pick<EmulatorOptions, 'onWebhook' | 'onDelivery'>,
): Promise<Emulator> {
  const { host, port, clock, speed, rateLimits } = options
  const seed = options.seed ?? String(Math.floor(Math.random() * 1_000_000))
  const scenario = options.scenario === undefined ? {} : await readScenario(options.scenario)
  const webhooks = providers.map(
    (provider) => [provider.name, sendingOf(provider, options.webhook, env)] as const,
  )
  try {
    return await startEmulator({
      providers,
      webhooks: Object.fromEntries(webhooks),
      host,
      port,
      seed,
      clock: speed === undefined ? clock : { speed },
      weather: weatherOf(options),
      scenario,
      rateLimits,
      ...listeners,
    })
  } catch (error) {
    if (isEmulatorError(error)) {
      const where =
        options.scenario === undefined ? '' : ` (--scenario ${printable(options.scenario)})`
      throw new UsageError(`expected other options${where}: ${printable(error.message)}`)
    }
    throw error instanceof Error ? refusalOfListening(error, host, port) : error
  }
}

/** Where a provider's webhooks go, and what they are signed with. */
function sendingOf(
  provider: Provider,
  webhook: string | undefined,
  env: Terminal['env'],
): SendingOptions {
  const keys = keysIn(provider, env)
  const url =
    webhook === undefined ? {} : { url: urlOf(webhook.replaceAll(PROVIDER, provider.name)) }
  // A receiver lives in real time, however fast the emulator's clock runs.
  return { ...url, ...(keys !== null && { keys, signingNow: Date.now }) }
}

/** The named weather with single knobs turned. */
function weatherOf(options: EmulateOptions): Weather {
  const named: Weather = WEATHERS[options.weather]
  const knobs = Object.keys(named) as readonly (keyof Weather)[]
  const turned = knobs.map((knob) => [knob, options[knob] ?? named[knob]] as const)
  return Object.fromEntries(turned) as Record<keyof Weather, number>
}

/** Stands for the provider's name in an address. */
const PROVIDER = '{provider}'

function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  // No request is made to an address with a name and a password in it.
  const isPlain = url !== null && url.username + url.password === '' && !/[{}]/.test(text)
  if (isPlain && /^https?:$/.test(url.protocol)) return text
  throw new UsageError(
    'expected --webhook to be an address such as http://localhost:3000/webhooks/{provider}, without a password and with no other name in braces; got something else.',
  )
}

function announce(
  emulator: Emulator,
  providers: readonly Provider[],
  options: EmulateOptions,
  log: Logger,
): void {
  log.info({}, `The seed of this run is ${emulator.truth().seed}.`)
  for (const { name, title } of providers) {
    log.info({}, `${printable(title)}'s API is at ${emulator.at(name).url}; any key will do.`)
  }
  log.info({}, `What truly happens: GET ${emulator.url}/emulator/truth`)
  if (options.webhook === undefined) {
    const level = options.place === undefined ? log.info : log.warn
    level(
      {},
      'No --webhook: only agents, batches and requests that name an address are told of calls.',
    )
  }
  if (!isLoopbackHost(options.host)) {
    log.warn({}, `Whoever reaches ${printable(options.host)} can use these APIs.`)
  }
}

/** Requests that a receiver did not take, and of which everybody is told; one that is down would fill the log. */
const MAX_WARNINGS = 3

function newsLogger(log: Logger): (news: WebhookNews) => void {
  let warnings = 0
  const warn: Logger['warn'] = (fields, message) => {
    warnings++
    if (warnings > MAX_WARNINGS) log.debug(fields, message)
    else log.warn(fields, message)
    if (warnings === MAX_WARNINGS) {
      log.warn(
        {},
        'Is the receiver up, and its address right? Further ones are logged with --verbose.',
      )
    }
  }
  return (news) => logNews(news, log, warn)
}

/** One line for each request to a receiver: the call, what it says, and what came of it. */
function logNews(
  { about, event, try: made, mishaps }: WebhookNews,
  log: Logger,
  warn: Logger['warn'],
): void {
  const what = typeof event === 'string' ? event : event.status
  const fields = {
    about,
    what,
    ...(typeof event !== 'string' && event.attempt > 1 && { attempt: event.attempt }),
    ...(mishaps.length > 0 && { weather: mishaps.join(',') }),
  }
  if (made === null) {
    log.debug(fields, 'A webhook was lost.')
    return
  }
  const { answer, outcome } = made
  const full = { ...fields, try: made.try, answer: answer ?? 'none', outcome }
  if (outcome === 'delivered') log.debug(full, 'A webhook was delivered.')
  // What the weather delays is no trouble of the receiver.
  else if (mishaps.includes('slow')) log.debug(full, 'An answer came too late.')
  else warn(full, 'A receiver did not take a webhook.')
}

/** Time between two calls that are placed, in milliseconds of real time. */
const PLACE_EVERY_MS = 20

/** Places calls at these providers by turns, and resolves when they are over. */
async function place(
  emulator: Emulator,
  providers: readonly Provider[],
  { place: count = 0, clock }: EmulateOptions,
): Promise<void> {
  const places = providers.map(({ name }) => emulator.at(name))
  for (let placed = 0; placed < count; placed++) {
    places[placed % places.length]?.place({ to: numberOf(placed) })
    if (clock !== 'step') await wait(PLACE_EVERY_MS)
  }
  await emulator.idle()
}

/** Numbers that are reserved for examples. */
function numberOf(index: number): string {
  return `+120255501${String(index % 100).padStart(2, '0')}`
}
