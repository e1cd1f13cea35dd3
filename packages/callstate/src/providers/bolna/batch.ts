/**
 * The statuses of a batch, as three of Bolna's documents list them; they disagree, and none of them is
 * the status of a call. `errorsPage`: https://www.bolna.ai/docs/api-reference/errors. `openApi`:
 * `references/openapi.yml` of https://github.com/bolna-ai/skills. `webhook`: those at which the batch
 * webhook fires, https://www.bolna.ai/docs/changelog/september-2025.
 */
export const BOLNA_BATCH_STATUSES = {
  errorsPage: ['created', 'processed', 'scheduled', 'running', 'completed', 'stopped', 'failed'],
  openApi: ['scheduled', 'created', 'queued', 'executed'],
  webhook: ['processed', 'scheduled', 'queued', 'running', 'completed', 'stopped'],
} as const satisfies Record<string, readonly string[]>

type Lists = typeof BOLNA_BATCH_STATUSES

/** A status of a batch that any of the three documents lists. */
export type BolnaBatchStatus = Lists[keyof Lists][number]

/**
 * Whether a word is a batch status that any of the documents lists. Three of them (`scheduled`,
 * `completed`, `stopped`, …) are statuses of calls too: the word alone does not tell which. Pure.
 *
 * @example
 * isBolnaBatchStatus('executed') // true
 * isBolnaBatchStatus('ringing') // false
 */
export function isBolnaBatchStatus(word: unknown): word is BolnaBatchStatus {
  return Object.values(BOLNA_BATCH_STATUSES).some((list: readonly unknown[]) => list.includes(word))
}
