import * as z from 'zod'
import { LAST_TIME, type Pace } from './agenda.ts'
import type { WebhookListener } from './courier.ts'
import { EmulatorError } from './error.ts'
import { FATES } from './fate.ts'
import type { Scenario } from './scenario.ts'
import { SIDE_NAMES, type SideOptions } from './sides.ts'
import { WEATHERS, type Weather, type WeatherName, weatherOf } from './weather.ts'

/** How an emulator behaves; everything is optional. Each provider's own options stand under its name. */
export interface EmulatorOptions extends SideOptions {
  /** Equal seeds and equal requests in an equal order give equal runs; `callstate` by default. */
  readonly seed?: string | number
  /**
   * `real` (the default), `fast` (a minute in a second), any other speed, or `step`: time stands still
   * until `advance` or `idle` moves it.
   */
  readonly clock?: ClockName | { readonly speed: number }
  /** What the clock shows at the start, in milliseconds since 1970: now, or `STEP_START` for the step clock. */
  readonly startAt?: number
  /** `clear` (the default), `rain`, `storm`, or single knobs. */
  readonly weather?: WeatherName | Readonly<Partial<Weather>>
  /** What becomes of calls; by default chance, by `DEFAULT_WEIGHTS`. */
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
}

/** A clock that has a name. */
export type ClockName = 'real' | 'fast' | 'step'

/** How many times faster than time the clock `fast` runs. */
export const FAST_SPEED = 60
/** What the step clock shows at the start: a Monday, 5 January 2026, 15:00 UTC, an hour of work on both sides of the Atlantic. */
export const STEP_START: number = Date.UTC(2026, 0, 5, 15)

/** Options with everything decided. */
export interface Settings {
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
  const pace = paceOf(options.clock ?? 'real')
  return {
    seed: String(options.seed ?? 'callstate'),
    pace,
    startAt: options.startAt ?? (pace === 'step' ? STEP_START : Date.now()),
    weather: weatherOf(options.weather ?? 'clear'),
    scenario: options.scenario ?? {},
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    apiKeys: options.apiKeys ?? null,
    rateLimits: options.rateLimits ?? true,
    maxInFlight: options.maxInFlight ?? 64,
    receiverTimeoutMs: options.receiverTimeoutMs ?? 10_000,
  }
}

function paceOf(clock: ClockName | { readonly speed: number }): Pace {
  if (typeof clock !== 'string') return clock.speed
  switch (clock) {
    case 'real':
      return 1
    case 'fast':
      return FAST_SPEED
    case 'step':
      return 'step'
    default:
      return clock satisfies never
  }
}

const probability = z.number().min(0).max(1)
const count = z.int().positive()
const fate = z.enum(FATES)

const optionsSchema = z.strictObject({
  // A side reads its own.
  ...Object.fromEntries(SIDE_NAMES.map((name) => [name, z.unknown().optional()])),
  seed: z.union([z.string(), z.number()]).optional(),
  clock: z
    .union([z.enum(['real', 'fast', 'step']), z.strictObject({ speed: z.number().positive() })])
    .optional(),
  startAt: z.int().min(0).max(LAST_TIME).optional(),
  weather: z
    .union([
      z.enum(Object.keys(WEATHERS) as [WeatherName, ...WeatherName[]]),
      z.partialRecord(z.enum(Object.keys(WEATHERS.clear) as [keyof Weather]), probability),
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
})
