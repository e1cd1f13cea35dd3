import type { DialgenBatchStatus } from 'callstate/internal/providers/dialgen'
import type { BatchRequest } from './batch-options.ts'
import type { DialgenCall } from './calls.ts'
import type { Contact } from './contacts.ts'

/** A batch: calls that are placed together. */
export interface Batch {
  readonly id: string
  readonly request: BatchRequest
  readonly createdAt: number
  /** Each with the metadata of its request. */
  readonly contacts: ReadonlyMap<Contact, Readonly<Record<string, unknown>>>
  status: DialgenBatchStatus
  startedAt: number | null
  completedAt: number | null
  /** There were no minutes when it was to start. */
  hasFailed: boolean
  /** Empty until the contacts are taken in. */
  calls: readonly DialgenCall[]
  /** Calls that are not over. */
  openCalls: number
}
