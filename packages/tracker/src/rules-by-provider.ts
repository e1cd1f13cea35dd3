import { type Budgets, CALL_STATUSES, DEFAULTS } from 'callstate'
import { FINAL_FIELDS } from 'callstate/internal'
import { defineProvider, type FinalField, type Provider } from 'callstate/providers'
import { assertRetryPolicy } from './assert-retry-policy.ts'
import type { FoldRules } from './calls/fold-entry.ts'
import { TrackerError } from './error.ts'
import type { TrackerOptions } from './tracker-options.ts'

/** The options by which calls are folded and judged. */
export type RuleOptions = Pick<
  TrackerOptions,
  'budgets' | 'providerBudgets' | 'retryPolicies' | 'expects' | 'dataBudgetsMs'
>

/**
 * How the calls of each provider are folded and judged. Throws a `TrackerError` with code
 * `invalid-option` for what are no budgets, policies or fields, and for what is said of another provider.
 */
export function rulesByProvider(
  options: RuleOptions,
  providers: ReadonlyMap<string, Provider>,
): ReadonlyMap<string, FoldRules> {
  const { budgets = {}, providerBudgets = {}, retryPolicies = {} } = options
  const { expects = {}, dataBudgetsMs = {} } = options
  assertObjects({ budgets, providerBudgets, retryPolicies, expects, dataBudgetsMs })
  assertObjects(prefixed('providerBudgets', providerBudgets))
  for (const some of [budgets, ...Object.values(providerBudgets)]) assertBudgets(some)
  for (const budget of Object.values(dataBudgetsMs)) assertDataBudget(budget)
  for (const by of [providerBudgets, retryPolicies, expects, dataBudgetsMs]) {
    assertKnown(Object.keys(by), providers)
  }
  for (const [name, policy] of Object.entries(retryPolicies)) {
    if (policy !== undefined) assertRetryPolicy(`retryPolicies.${name}`, policy)
  }
  return new Map(
    [...providers].map(([name, provider]) => {
      const { budgetsMs, retryPolicy, dataBudgetMs } = provider.habits
      const policy = ownOf(retryPolicies, name) ?? retryPolicy ?? undefined
      const own = { ...budgetsMs, ...budgets, ...ownOf(providerBudgets, name) }
      const fields = ownOf(expects, name) ?? []
      assertExpected(fields, provider)
      const rules: FoldRules = {
        provider,
        policy,
        budgets: own,
        expects: fields,
        dataBudgetMs: ownOf(dataBudgetsMs, name) ?? dataBudgetMs,
      }
      return [name, rules]
    }),
  )
}

/**
 * How calls are folded of a provider that the tracker was not given, such as one whose calls are in the
 * store from before: by the rules of all. Throws nothing. Pure.
 */
export function rulesOfUnknown(name: string): FoldRules {
  const provider = defineProvider({
    name,
    statuses: Object.fromEntries(CALL_STATUSES.map((status) => [status, { status }])),
    recognizes: () => false,
    read: () => ({ ok: false, issues: [] }),
  })
  return { provider, policy: undefined, budgets: {} }
}

function ownOf<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function prefixed(what: string, by: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(by).map(([name, one]) => [`${what}.${name}`, one]))
}

function assertObjects(by: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(by)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) continue
    throw invalid(`Expected "${name}" to be an object; got something else.`)
  }
}

function assertKnown(names: readonly string[], providers: ReadonlyMap<string, Provider>): void {
  if (names.every((name) => providers.has(name))) return
  const known = [...providers.keys()].join(', ')
  throw invalid(
    `Expected budgets, policies and expected fields of ${known}; got some of another provider.`,
  )
}

function assertBudgets(budgets: Partial<Budgets>): void {
  for (const [status, budget] of Object.entries(budgets)) {
    const isBudget = budget === null || (Number.isFinite(budget) && budget >= 0)
    if (Object.hasOwn(DEFAULTS.budgetsMs, status) && isBudget) continue
    throw invalid(
      `Expected budgets of intermediate statuses in milliseconds, or null for no limit; got something else for "${status}".`,
    )
  }
}

function assertDataBudget(budget: unknown): void {
  if (typeof budget === 'number' && Number.isFinite(budget) && budget >= 0) return
  throw invalid('Expected dataBudgetsMs in milliseconds, 0 or more; got something else.')
}

/** A field that no end of the provider holds would be expected and never missed. */
function assertExpected(fields: readonly FinalField[], { name, habits }: Provider): void {
  if (!Array.isArray(fields)) throw invalid(`Expected a list of fields in "expects" of ${name}.`)
  const final = new Set(Object.values(habits.final).flatMap((end) => end.final))
  for (const field of fields) {
    if (final.has(field)) continue
    const known = FINAL_FIELDS.filter((one) => final.has(one)).join(', ') || 'none'
    throw invalid(
      `Expected in "expects" fields that are final in messages of ${name} (${known}); got another one.`,
    )
  }
}

function invalid(message: string): TrackerError {
  return new TrackerError('invalid-option', message)
}
