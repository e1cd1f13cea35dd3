import { EMPTY_CALL } from 'callstate'
import type { FinalField } from 'callstate/providers'
import type { Change } from '../calls/change.ts'
import type { Correction } from '../calls/final-data.ts'
import type { HistoryEntry } from '../calls/tracked-call.ts'
import type { CorrectedField } from './consumed-change.ts'
import type { FieldFilter, NamedFilter } from './when.ts'

/** One thing that fires in an entry. */
export interface Fact {
  readonly attempt: number
  /** What the key says of it, behind its scope. */
  readonly name: string
  /** Whether it is one of the attempt, or of the whole call. */
  readonly scope: 'attempt' | 'call'
  /** Whether the same fact fires again where it comes again, under a key of its own. */
  readonly repeats: boolean
  /** The field of final data that it is about; null where it is about none. */
  readonly field: FinalField | null
  readonly corrected: CorrectedField | null
}

/**
 * What fires in an entry by a filter that is no function. Reads what was decided, and decides nothing. In
 * an entry of a call that was rebuilt nothing fires but corrections: nobody said anything new. Pure.
 */
export function factsOf(
  filter: NamedFilter | FieldFilter,
  change: Change,
  entry: Pick<HistoryEntry, 'key'>,
): readonly Fact[] {
  if (typeof filter === 'object') return fieldFacts(filter, change, entry)
  if (filter === 'every') return messageFacts(change, entry)
  if (change.type === 'rebuilt') return []
  const { before, call } = change
  switch (filter) {
    case 'advanced': {
      const { status, attempt } = before ?? EMPTY_CALL
      const hasMoved = status !== call.status || attempt !== call.attempt
      return hasMoved ? [factOf(call.attempt, `advanced/${call.status ?? 'none'}`)] : []
    }
    case 'settled':
      return call.settled && !before?.settled ? [factOf(call.attempt, 'settled')] : []
    default:
      return filter satisfies never
  }
}

/**
 * The message itself, for filters that look at every one. A call that was rebuilt is news only where
 * something is another value now that was handed out. Pure.
 */
export function messageFacts(change: Change, { key }: Pick<HistoryEntry, 'key'>): readonly Fact[] {
  if (change.type === 'rebuilt' && !changesValues(change)) return []
  return [factOf(change.attempt, `message/${key}`)]
}

function fieldFacts(
  { type, field, once }: FieldFilter,
  { type: kind, facts }: Change,
  { key }: Pick<HistoryEntry, 'key'>,
): readonly Fact[] {
  if (kind === 'rebuilt' && type !== 'corrected') return []
  return facts.flatMap(({ attempt, ready, corrected }): readonly Fact[] => {
    switch (type) {
      case 'ready':
        return ready.includes(field) ? [{ ...factOf(attempt, `ready/${field}`), field }] : []
      case 'gained': {
        const fact = { ...factOf(attempt, `gained/${field}`), field, scope: once, repeats: false }
        return ready.includes(field) ? [fact] : []
      }
      case 'corrected':
        return corrected
          .filter((one) => one.field === field)
          .map((one) => corrects(attempt, one, key))
      default:
        return type satisfies never
    }
  })
}

/** The message that the value stands in names the fact; where there is no value, the one that took it away. */
function corrects(attempt: number, { field, before, now, message }: Correction, key: string): Fact {
  const name = `corrected/${field}/${message ?? `none.${key}`}`
  return { ...factOf(attempt, name), field, corrected: { field, before, now } }
}

function factOf(attempt: number, name: string): Fact {
  return { attempt, name, scope: 'attempt', repeats: true, field: null, corrected: null }
}

function changesValues({ facts }: Change): boolean {
  return facts.some(({ corrected }) => corrected.length > 0)
}
