import type { Meter } from '@opentelemetry/api'
import type { Budgets, RetryPolicy } from 'callstate'
import {
  defineProvider,
  type FinalField,
  type Provider,
  type ProviderDeclaration,
} from 'callstate/providers'
import { TrackerError } from './error.ts'
import type { IntakeLimits } from './intake/limits.ts'
import type { Redact } from './intake/redact.ts'
import type { Logger } from './logger.ts'
import type { Store } from './store.ts'

/**
 * What a tracker is made of. `providers`, `budgets`, `providerBudgets`, `retryPolicies`, `expects` and
 * `dataBudgetsMs` are folded into the rows of calls by whoever stores: every process that takes messages
 * in, and every one that rebuilds, must have the same.
 */
export interface TrackerOptions<Providers = readonly ProviderDeclaration[]> {
  /** Where calls are kept. */
  readonly store: Store
  /** The providers whose messages it reads: ours, or what declares one of your own. */
  readonly providers: Providers
  /** Our clock, in ms since 1970. */
  readonly now?: () => number
  /** Makes an identifier that nobody else has. */
  readonly newId?: () => string
  /**
   * How long a status may last before silence becomes suspicious. What is left out is as the provider's
   * habits say, and else as `DEFAULTS.budgetsMs` of `callstate`.
   */
  readonly budgets?: Partial<Budgets>
  /** By provider: budgets that go before those for all. */
  readonly providerBudgets?: Readonly<Record<string, Partial<Budgets>>>
  /**
   * By provider: when calls are retried, where their own events do not say it (Dialgen's never do); what
   * the provider's habits say where it is left out. A provider that names no attempts either leaves a
   * call that is never reached unsettled: without a policy its first end settles it.
   */
  readonly retryPolicies?: Readonly<Record<string, RetryPolicy>>
  /**
   * By provider: fields that are expected of an attempt that has ended, beyond those of the provider's habits,
   * at every end of which it declares them final; `extraction` above all. Where one is missing when the
   * data budget is over, the provider is asked, and the call is listed by `overdue`.
   */
  readonly expects?: Readonly<Record<string, readonly FinalField[]>>
  /**
   * By provider: how long after an end the data that are expected of it may take, in milliseconds; what the
   * provider's habits say where it is left out.
   */
  readonly dataBudgetsMs?: Readonly<Record<string, number>>
  /** What is kept of a message; everything by default. */
  readonly redact?: Redact
  readonly logger?: Logger
  /** Bounds of what is held and tried while messages are taken in; `DEFAULTS.intake` where left out. */
  readonly limits?: Partial<IntakeLimits>
  /** Where metrics go; OpenTelemetry's global meter provider by default. */
  readonly meter?: Meter
}

/** The names of all options. */
export const TRACKER_OPTIONS = {
  store: true,
  providers: true,
  now: true,
  newId: true,
  budgets: true,
  providerBudgets: true,
  retryPolicies: true,
  expects: true,
  dataBudgetsMs: true,
  redact: true,
  logger: true,
  limits: true,
  meter: true,
} as const satisfies Record<keyof TrackerOptions, true>

/**
 * Throws a `TrackerError` with code `invalid-option` for two providers of one name, or none, and what
 * `defineProvider` throws for a declaration that is none.
 */
export function providersByName(
  providers: readonly ProviderDeclaration[],
): ReadonlyMap<string, Provider> {
  if (!Array.isArray(providers) || providers.length === 0) {
    throw new TrackerError('invalid-option', 'Expected a list of providers; got none.')
  }
  const known = new Map<string, Provider>()
  for (const provider of providers.map((one) => defineProvider(one))) {
    if (known.has(provider.name)) {
      throw new TrackerError(
        'invalid-option',
        `Expected providers of different names; got two called "${provider.name}".`,
      )
    }
    known.set(provider.name, provider)
  }
  return known
}
