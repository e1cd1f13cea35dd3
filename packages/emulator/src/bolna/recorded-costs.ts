import type { Engine, Message, ProviderSide } from '../provider-api.ts'
import type { Account } from './account.ts'
import { extractionOf } from './conversation.ts'
import { amountOf, correctedCost, costOf } from './cost.ts'
import type { Execution } from './execution.ts'
import type { Executions } from './executions.ts'
import { correctedRecord, recordOf } from './record.ts'

/** What the costs in records stand on. */
export interface RecordedCostsOptions {
  readonly engine: Engine
  readonly account: Account
  readonly executions: Executions
  /** The webhooks that say a record; that of this moment where none is given. */
  readonly messagesOf: (
    execution: Execution,
    record?: Record<string, unknown>,
    isFinal?: boolean,
  ) => readonly Message[]
}

/** What records say of an attempt's cost and extraction at its end, and how a cost is corrected later. */
export function createRecordedCosts(
  options: RecordedCostsOptions,
): Required<Pick<ProviderSide, 'dataOf' | 'correctionOf'>> {
  const { engine, account, executions, messagesOf } = options
  return {
    dataOf(call) {
      const isExtracted = call.status === 'completed' && executions.of(call).extractedAt !== null
      return {
        amount: amountOf(costOf(call)),
        hasExtraction: isExtracted && extractionOf(call) !== null,
      }
    },
    correctionOf(call) {
      const execution = executions.of(call)
      const { attempt } = call
      const before = costOf(call)
      const record = recordOf(execution)
      return (random) => {
        const cost = correctedCost(before, random)
        const correction = { attempt, at: engine.now(), cost }
        account.correct(before, cost)
        // The record after a retry is the new attempt's; what is told is the end of the one before.
        const isLatest = call.attempt === attempt
        if (isLatest) execution.correction = correction
        const messages = isLatest
          ? messagesOf(execution)
          : messagesOf(execution, correctedRecord(record, execution, correction), false)
        return { amount: amountOf(cost), messages }
      }
    },
  }
}
