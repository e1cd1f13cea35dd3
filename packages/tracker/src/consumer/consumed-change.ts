import type { FinalField, ProviderDataOf, ProviderDeclaration } from 'callstate/providers'
import type { Change } from '../calls/change.ts'
import type { FinalData, FinalValue } from '../calls/final-data.ts'
import type { Data } from '../calls/payload-data.ts'

/** A value that had been ready and is another one now; null for none. */
export interface CorrectedField<Field extends FinalField = FinalField> {
  readonly field: Field
  readonly before: FinalValue<Field> | null
  readonly now: FinalValue<Field> | null
}

/** A change as a consumer is handed it: one fact, with the data of the attempt that it is about. */
export interface ConsumedChange<Provider extends string = string, AttemptData = Data>
  extends Change {
  readonly provider: Provider
  /**
   * Names the fact that fired: the same at every try, in every process, and after a restore; for
   * idempotency keys. Opaque.
   */
  readonly key: string
  /** The attempt that the fact is about: the message's, unless the message changed what is known of another. */
  readonly attempt: number
  /**
   * What is final of the attempt with this entry; null where it has not ended. A dead letter that is
   * replayed comes after what its call went on with: of `ready`, `corrected` and `gained` it has what is
   * final now, so that who sets it sets nothing old.
   */
  readonly finalData: FinalData | null
  /** What `corrected` let through, as it was with this entry; null for every other filter. */
  readonly corrected: CorrectedField | null
  /**
   * The fields of the attempt's messages up to this one, merged: newer ones fill, nothing is erased. A copy
   * of its own, made when it is read. As the provider sends them: none of it is checked.
   */
  readonly data: AttemptData
  /** This message as it was kept; null where it was not, or is no JSON object. */
  readonly payload: Data | null
}

/** The changes of a provider's calls, with its data; of several providers those of each. */
export type ConsumedChangeOf<P extends ProviderDeclaration> = P extends unknown
  ? ConsumedChange<P['name'], ProviderDataOf<P>>
  : never
