import { textTable } from '../table.ts'
import type { ApiReport } from './report.ts'

/** The most values that an entry point may export: what more there is has to make its case here. */
const MAX_VALUES: Readonly<Record<string, number>> = {
  callstate: 28,
  'callstate/providers/bolna': 10,
  '@callstate/tracker': 12,
  '@callstate/emulator': 10,
  '@callstate/inspector': 8,
}

/** Whether an entry point beyond its budget fails the check, or is only said. */
export const ENFORCE_BUDGETS = false

/** The entry points that export more values than they may. */
export function overBudget(reports: readonly ApiReport[]): ApiReport[] {
  return reports.filter(
    ({ entryPoint, values }) => values.length > (MAX_VALUES[entryPoint.specifier] ?? Infinity),
  )
}

/** How many values and types each entry point has, beside what it may have. */
export function budgetTable(reports: readonly ApiReport[]): string {
  const rows = reports.map(({ entryPoint: { specifier }, values, types, hidden }) => {
    const max = MAX_VALUES[specifier]
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
