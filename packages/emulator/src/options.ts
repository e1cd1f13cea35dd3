import { defineProvider, type Provider, type ProviderDeclaration } from 'callstate/providers'
import { PROVIDERS } from 'callstate/providers/all'
import * as z from 'zod'
import { DEFAULTS } from './defaults.ts'
import type { DeliveryListener, WebhookListener } from './dispatcher.ts'
import { EmulatorError } from './error.ts'
import { FATES } from './fate.ts'
import type { Scenario } from './scenario.ts'
import { LAST_TIME, type Pace } from './scheduler.ts'
import { hasSide, SIDE_NAMES, type SideOptions } from './sides.ts'
import { KNOBS, WEATHERS, type Weather, type WeatherName, weatherOf } from './weather.ts'
import type { SendingOptions } from './webhooks.ts'

/** How an emulator behaves; everything is optional. What one provider alone can be told stands under its name. */
export interface EmulatorOptions extends SideOptions {
  /** The providers that are emulated; all that callstate knows by default. Each needs a side of its own here, or a `tell`. */
  readonly providers?: readonly ProviderDeclaration[]
  /** How webhooks are sent, by the name of their provider. */
  readonly webhooks?: Readonly<Record<string, SendingOptions>>
  /** Equal seeds and equal requests in an equal order give equal runs; `DEFAULTS.seed` by default. */
  readonly seed?: string | number
  /**
   * `real` (the default), `fast` (a minute in a second), any other speed, or `step`: time stands still
   * until `advance` or `idle` moves it.
   */
  readonly clock?: ClockName | { readonly speed: number }
  /** What the clock shows at the start, in milliseconds since 1970: now, or `DEFAULTS.stepStartAt` for the step clock. */
  readonly startAt?: number
  /** `clear` (the default), `rain`, `storm`, or single knobs. */
  readonly weather?: WeatherName | Readonly<Partial<Weather>>
  /** What becomes of calls; by default chance, by `DEFAULTS.fateWeights`. */
  readonly scenario?: Scenario
  /** 0 (the default) takes a free port. */
  readonly port?: number
  /** `127.0.0.1` by default. */
  readonly host?: string
  /** The keys that the APIs take; any that is not empty by default. */
  readonly apiKeys?: readonly string[]
  /** Whether requests beyond the documented limits, by the emulator's clock, are answered with 429; they are by default. */
  readonly rateLimits?: boolean
  /** Deliveries that go on at once, at most; 64 by default. */
  readonly maxInFlight?: number
  /** How long a receiver may take, in milliseconds of real time; 10 seconds by default (our reading). */
  readonly receiverTimeoutMs?: number
  /** Is told of every request to a receiver when it is over, and of every webhook that gets lost. */
  readonly onWebhook?: WebhookListener
  /** Is told of every request to a receiver as it is sent: method, address, headers, bytes, time. */
  readonly onDelivery?: DeliveryListener
}

/** A clock that has a name. */
export type ClockName = 'real' | 'fast' | 'step'

/** Options with everything decided. */
export interface Settings {
  readonly providers: readonly Provider[]
  readonly webhooks: Readonly<Record<string, SendingOptions>>
  readonly seed: string
  readonly pace: Pace
  readonly startAt: number
  readonly weather: Weather
  readonly scenario: Scenario
  readonly port: number
  readonly host: string
  readonly apiKeys: readonly string[] | null
  readonly rateLimits: boolean
  readonly maxInFlight: number
  readonly receiverTimeoutMs: number
}

/** Decides what was left open. Throws an `EmulatorError` with code `invalid-option`. */
export function settingsOf(options: EmulatorOptions): Settings {
  const checked = optionsSchema.safeParse(options)
  if (!checked.success) {
    const message = checked.error.issues
      .map(({ path, message: why }) => `${path.join('.') || 'options'}: ${why}`)
      .join('; ')
    throw new EmulatorError('invalid-option', message)
  }
  const providers = providersOf(options)
  const pace = paceOf(options.clock ?? 'real')
  return {
    providers,
    webhooks: webhooksOf(options, providers),
    seed: String(options.seed ?? DEFAULTS.seed),
    pace,
    startAt: options.startAt ?? (pace === 'step' ? DEFAULTS.stepStartAt : Date.now()),
    weather: weatherOf(options.weather ?? 'clear'),
    scenario: options.scenario ?? {},
    port: options.port ?? 0,
    host: options.host ?? DEFAULTS.host,
    apiKeys: options.apiKeys ?? null,
    rateLimits: options.rateLimits ?? true,
    maxInFlight: options.maxInFlight ?? DEFAULTS.maxInFlight,
    receiverTimeoutMs: options.receiverTimeoutMs ?? DEFAULTS.receiverTimeoutMs,
  }
}

/** Those that can be emulated; one that was asked for and cannot be is refused. */
function providersOf(options: EmulatorOptions): readonly Provider[] {
  if (options.providers === undefined) return PROVIDERS.filter(isEmulated)
  const providers = options.providers.map((declaration) => defineProvider(declaration))
  const names = new Set(providers.map(({ name }) => name))
  if (names.size < providers.length) {
    throw new EmulatorError('invalid-option', 'providers: two of them have one name')
  }
  const silent = providers.find((provider) => !isEmulated(provider))
  if (silent === undefined) return providers
  const message = `providers: ${silent.name} cannot be emulated, since it has no tell`
  throw new EmulatorError('invalid-option', message)
}

function isEmulated({ name, tell }: Provider): boolean {
  return hasSide(name) || tell !== null
}

function webhooksOf({ webhooks = {} }: EmulatorOptions, providers: readonly Provider[]) {
  const names = providers.map(({ name }) => name)
  const strange = Object.keys(webhooks).find((name) => !names.includes(name))
  if (strange === undefined) return webhooks
  const message = `webhooks.${strange}: expected one of ${names.join(', ')}`
  throw new EmulatorError('invalid-option', message)
}

function paceOf(clock: ClockName | { readonly speed: number }): Pace {
  if (typeof clock !== 'string') return clock.speed
  switch (clock) {
    case 'real':
      return 1
    case 'fast':
      return DEFAULTS.fastSpeed
    case 'step':
      return 'step'
    default:
      return clock satisfies never
  }
}

const probability = z.number().min(0).max(1)
const count = z.int().positive()
const fate = z.enum(FATES)

const keySchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])
const webhookSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).optional(),
  keys: z.union([keySchema, z.record(z.string(), keySchema)]).optional(),
  headers: z.record(z.string().min(1), z.string()).optional(),
  signingNow: z.function().optional(),
  forwardedFor: z.boolean().optional(),
})

const optionsSchema = z.strictObject({
  // A side reads its own.
  ...Object.fromEntries(SIDE_NAMES.map((name) => [name, z.unknown().optional()])),
  providers: z.array(z.unknown()).min(1).optional(),
  webhooks: z.record(z.string(), webhookSchema).optional(),
  seed: z.union([z.string(), z.number()]).optional(),
  clock: z
    .union([z.enum(['real', 'fast', 'step']), z.strictObject({ speed: z.number().positive() })])
    .optional(),
  startAt: z.int().min(0).max(LAST_TIME).optional(),
  weather: z
    .union([
      z.enum(Object.keys(WEATHERS) as [WeatherName, ...WeatherName[]]),
      z.partialRecord(z.enum(KNOBS), probability),
    ])
    .optional(),
  scenario: z
    .strictObject({
      rules: z
        .array(
          z.strictObject({
            destination: z.string().optional(),
            metadata: z
              .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
              .optional(),
            fate,
          }),
        )
        .optional(),
      weights: z.partialRecord(fate, z.number().min(0)).optional(),
    })
    .optional(),
  port: z.int().min(0).max(65_535).optional(),
  host: z.string().min(1).optional(),
  apiKeys: z.array(z.string().min(1)).optional(),
  rateLimits: z.boolean().optional(),
  maxInFlight: count.optional(),
  receiverTimeoutMs: count.optional(),
  onWebhook: z.function().optional(),
  onDelivery: z.function().optional(),
})
