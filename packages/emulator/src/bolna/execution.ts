import type { EmulatedCall } from '../call.ts'
import type { Cost } from './cost.ts'
import type { RetryConfig } from './retry-config.ts'

/** The carriers over which Bolna dials; their records differ. */
export type Carrier = 'plivo' | 'twilio'

/** Another cost of an attempt, from this time on. */
export interface CostCorrection {
  readonly attempt: number
  readonly at: number
  readonly cost: Cost
}

/** One execution: the call, and what its request said that the engine need not know. */
export interface Execution {
  readonly call: EmulatedCall
  readonly agentId: string
  readonly batchId: string | null
  /** The number of the agent's side. */
  readonly agentNumber: string
  readonly carrier: Carrier
  /** `user_data`, or the other columns of a batch's row. */
  readonly userData: Readonly<Record<string, unknown>> | null
  readonly retryConfig: RetryConfig | null
  /** When the data of the latest attempt's conversation were extracted, in ms since 1970; null before. */
  extractedAt: number | null
  /** What an attempt cost instead of what was said at its end; null where nothing was corrected. */
  correction: CostCorrection | null
}
