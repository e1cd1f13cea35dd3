import { textTable } from '../table.ts'
import type { ApiReport } from './report.ts'

/** The most values that an entry point may export: what more there is has to make its case here. */
const MAX_VALUES: Readonly<Record<string, number>> = {
  callstate: 29,
  'callstate/providers/all': 1,
  '@callstate/tracker': 10,
  '@callstate/emulator': 8,
  '@callstate/inspector': 6,
}

/** The same for a provider, whichever it is. */
const MAX_PROVIDER_VALUES = 8
const PROVIDER = /^callstate\/providers\/[^/]+$/

/** Whether an entry point beyond its budget fails the check, or is only said. */
export const ENFORCE_BUDGETS = true

/** The entry points that export more values than they may. */
export function overBudget(reports: readonly ApiReport[]): ApiReport[] {
  return reports.filter(
    ({ entryPoint, values }) => values.length > (maxValuesOf(entryPoint.specifier) ?? Infinity),
  )
}

/** How many values and types each entry point has, beside what it may have. */
export function budgetTable(reports: readonly ApiReport[]): string {
  const rows = reports.map(({ entryPoint: { specifier }, values, types, hidden }) => {
    const max = maxValuesOf(specifier)
    const excess = values.length - (max ?? Infinity)
    return [
      specifier,
      `${values.length}`,
      `${max ?? '–'}`,
      `${types.length}`,
      `${hidden.length}`,
      excess > 0 ? `${excess} values too many` : '',
    ]
  })
  return textTable(['entry point', 'values', 'limit', 'types', 'not exported', ''], rows)
}

function maxValuesOf(specifier: string): number | undefined {
  return MAX_VALUES[specifier] ?? (PROVIDER.test(specifier) ? MAX_PROVIDER_VALUES : undefined)
}
