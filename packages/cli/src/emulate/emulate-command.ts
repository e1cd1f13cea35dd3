import { setTimeout as wait } from 'node:timers/promises'
import {
  type ClockName,
  type Emulator,
  isEmulatorError,
  startEmulator,
  WEATHERS,
  type Weather,
  type WeatherName,
  type WebhookNews,
} from '@callstate/emulator'
import { isLoopbackHost } from '@callstate/inspector'
import type { Logger } from '@callstate/tracker'
import { createLog, type LogFormat } from '../serve/log.ts'
import { refusalOfListening } from '../serve/running-server.ts'
import { untilStopSignal } from '../serve/stop-signal.ts'
import { UsageError } from '../status-word.ts'
import { colorsOf, jsonText, printable, type Terminal, write } from '../terminal.ts'
import { readScenario } from './scenario-file.ts'
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
  /** At which provider they are placed. */
  readonly provider: 'bolna' | 'dialgen'
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
  options: EmulateOptions,
  terminal: Terminal,
  { untilStop = untilStopSignal }: EmulateControl = {},
): Promise<number> {
  const log = createLog(terminal.stderr, options, Date.now)
  await using emulator = await start(options, terminal.env, log)
  await write(terminal.stdout, options.format === 'text' ? `${emulator.url}\n` : '')
  announce(emulator, options, log)
  const stopped = untilStop().then(() => log.info({}, 'Stopping.'))
  const placed = options.place === undefined ? null : place(emulator, options.place, options)
  // What is still being placed when it is stopped fails, and nobody cares.
  placed?.catch(() => {})
  await (placed === null ? stopped : Promise.race([placed, stopped]))
  const truth = emulator.truth()
  const text = options.format === 'json' ? jsonText(truth) : totalsText(truth, colorsOf(terminal))
  await write(terminal.stdout, text)
  return 0
}

async function start(
  options: EmulateOptions,
  env: Terminal['env'],
  log: Logger,
): Promise<Emulator> {
  const { host, port, webhook, clock, speed, rateLimits } = options
  const seed = options.seed ?? String(Math.floor(Math.random() * 1_000_000))
  const webhookOf = (provider: string) =>
    webhook === undefined ? {} : { webhookUrl: urlOf(webhook.replaceAll(PROVIDER, provider)) }
  const { CALLSTATE_DIALGEN_SECRET: signingSecret = '' } = env
  const scenario = options.scenario === undefined ? {} : await readScenario(options.scenario)
  try {
    return await startEmulator({
      host,
      port,
      seed,
      clock: speed === undefined ? clock : { speed },
      weather: weatherOf(options),
      scenario,
      rateLimits,
      bolna: webhookOf('bolna'),
      dialgen: { ...webhookOf('dialgen'), ...(signingSecret !== '' && { signingSecret }) },
      onWebhook: newsLogger(log),
    })
  } catch (error) {
    if (isEmulatorError(error)) {
      const where =
        options.scenario === undefined ? '' : ` (--scenario ${printable(options.scenario)})`
      throw new UsageError(`expected other options${where}: ${error.message}`)
    }
    throw error instanceof Error ? refusalOfListening(error, host, port) : error
  }
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

function announce(emulator: Emulator, options: EmulateOptions, log: Logger): void {
  log.info(
    { seed: emulator.truth().seed },
    `Bolna's API is at ${emulator.bolna.url}; any key will do.`,
  )
  log.info({}, `Dialgen's API is at ${emulator.dialgen.url}; any key will do.`)
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

/** The limits of the APIs are for a minute of the emulator's clock. */
const LIMIT_MS = 60_000

/** Places calls as a client would, and resolves when they are over. */
async function place(
  emulator: Emulator,
  count: number,
  { clock, provider }: EmulateOptions,
): Promise<void> {
  let placed = 0
  while (placed < count) {
    const { ok, status } = await PLACING[provider](emulator, placed)
    if (ok) placed++
    // Too many for this minute, or a call to the same contact goes on: a little later there is room.
    else if (status !== 429 && status !== 409) {
      throw new Error(`A call was refused with ${status}.`)
    }
    if (clock !== 'step') await wait(PLACE_EVERY_MS)
    else if (!ok) await emulator.advance(LIMIT_MS)
  }
  await emulator.idle()
}

/** The providers at which calls can be placed, each with how. */
const PLACING: Readonly<
  Record<EmulateOptions['provider'], (emulator: Emulator, index: number) => Promise<Response>>
> = {
  bolna: ({ bolna }, index) =>
    post(`${bolna.url}/call`, {
      agent_id: '123e4567-e89b-12d3-a456-426655440000',
      recipient_phone_number: numberOf(index),
    }),
  dialgen: ({ dialgen }, index) =>
    post(`${dialgen.url}/api/v1/call/dial`, {
      to: numberOf(index),
      agentConfigId: 'agent_123',
      userId: 'user_789',
    }),
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer emulate', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/** Numbers that are reserved for examples. */
function numberOf(index: number): string {
  return `+120255501${String(index % 100).padStart(2, '0')}`
}
