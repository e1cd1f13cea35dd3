import type { TrackerOptions } from '@callstate/tracker'
import { Option } from 'commander'

/** The options of a service by which its calls are folded into rows. */
export type ServiceOptions = Pick<TrackerOptions, (typeof SERVICE_OPTIONS)[number]>

/** Their names. */
export const SERVICE_OPTIONS = [
  'budgets',
  'providerBudgets',
  'retryPolicies',
  'expects',
  'dataBudgetsMs',
] as const satisfies readonly (keyof TrackerOptions)[]

/** Stands for a service that gives its tracker none of these options. */
export const NO_OPTIONS = 'none'

/** `--options` of a command that folds calls. */
export function serviceOptionsOption(): Option {
  return new Option(
    '--options <file>',
    `the options that the service gives its tracker: ${SERVICE_OPTIONS.join(', ')}; "${NO_OPTIONS}" where it gives none`,
  )
}
