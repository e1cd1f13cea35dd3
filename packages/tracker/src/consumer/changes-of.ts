import { type Call, EMPTY_CALL, isSettled, isTerminal, observe, type RetryPolicy } from 'callstate'
import { retryPolicyFor } from 'callstate/internal'
import type { MessageKind, Provider } from 'callstate/providers'
import { type Change, changeKeyOf } from '../calls/change.ts'
import { createMerger, mergePayloads } from '../calls/payload-data.ts'
import { type Data, parsePayload } from '../calls/payload-data-fields.ts'
import type { CallRef, HistoryEntry } from '../calls/tracked-call.ts'

/** A change with the data of the call's messages. What the data cost is paid when they are read. */
export interface ConsumedChange extends Change {
  /**
   * The fields of all messages up to this one, merged; see `mergePayloads`. A copy of its own, to keep.
   * Reading the data of changes in their order costs least.
   */
  readonly data: Data
  /** The fields that got a value by this message first; see `fieldsGained`. */
  readonly gained: readonly string[]
  /** This message as it was kept; null where it was not, or is no JSON object. */
  readonly payload: Data | null
  /**
   * The attempt whose final data came with this message; null where it brought none. It is the first
   * message with an end of that attempt, replies to our own requests and rows of lists aside: those
   * say the status and not the data. Once for each attempt, in whatever order messages come.
   *
   * Source: Bolna's documents call the data at `call-disconnected` not final. That other ends are
   * final too is our reading.
   */
  readonly finalDataOf: number | null
}

/** How the changes of a history are judged. */
export interface ChangesOptions {
  /** The call's provider. */
  readonly provider?: Provider | undefined
  /** When its calls are retried, where their own events do not say it. */
  readonly retryPolicy?: RetryPolicy | undefined
}

/**
 * The changes that a history tells, in its order: each with what was known before and after. The
 * history must be whole, from its first entry on. Decisions are taken from the entries, as they were
 * made when the messages came. Pure.
 *
 * @example
 * const ref = { provider: 'bolna', callId: 'c-1' }
 * changesOf(ref, await tracker.history(ref), { provider: bolna }).at(-1)?.data
 */
export function changesOf(
  ref: CallRef,
  entries: readonly HistoryEntry[],
  { provider: lifecycle, retryPolicy }: ChangesOptions = {},
): readonly ConsumedChange[] {
  const { provider, callId } = ref
  const merging = mergingOf(entries)
  const withData = new Set<number>()
  const policyOf = (call: Call) => retryPolicyFor(call, lifecycle, retryPolicy)
  let before: Call = EMPTY_CALL
  let settledBefore = false
  return entries.map((entry, place) => {
    const { sequence, receivedAt, event, decision } = entry
    const isStatus = decision !== null
    const call = isStatus ? observe(before, event, { provider: lifecycle }).call : before
    const settled = isStatus ? isSettled(call, policyOf(call)) : settledBefore
    const attempt = endedBy(entry, call)
    const finalDataOf = attempt === null || withData.has(attempt) ? null : attempt
    if (attempt !== null) withData.add(attempt)
    const change: ConsumedChange = {
      provider,
      callId,
      key: changeKeyOf(ref, entry),
      sequence,
      receivedAt,
      event,
      decision,
      before,
      call,
      settledBefore,
      settled,
      finalDataOf,
      get data() {
        return merging.dataAt(place)
      },
      get gained() {
        return merging.gainedAt(place)
      },
      get payload() {
        return parsePayload(entry)
      },
    }
    before = call
    settledBefore = settled
    return change
  })
}

/** What is merged at each place: done up to the latest that was asked for, each entry once. */
interface Merging {
  dataAt(place: number): Data
  gainedAt(place: number): readonly string[]
}

function mergingOf(entries: readonly HistoryEntry[]): Merging {
  const merger = createMerger()
  const gained: (readonly string[])[] = []
  /** Of one place alone: the copies of all would be as large as their number times the data. */
  let latest: { readonly place: number; readonly data: Data } | null = null

  function mergeTo(place: number): void {
    for (const entry of entries.slice(merger.size, place + 1)) gained.push(merger.add(entry))
  }

  return {
    dataAt(place) {
      mergeTo(place)
      if (latest?.place !== place) {
        const isPast = place + 1 < merger.size
        const data = isPast ? mergePayloads(entries.slice(0, place + 1)) : merger.data()
        latest = { place, data }
      }
      return latest.data
    },
    gainedAt(place) {
      mergeTo(place)
      return gained[place] ?? []
    },
  }
}

/** Kinds of messages that tell a status and leave out the data that belong to it. */
const WITHOUT_DATA: ReadonlySet<MessageKind> = new Set<MessageKind>([
  'list-item',
  'call-reply',
  'stop-reply',
])

/** The attempt of which this message itself tells the end, with its data. */
function endedBy({ event, decision }: HistoryEntry, call: Call): number | null {
  const { status, kind } = event
  if (decision === null || status === null || !isTerminal(status)) return null
  if (WITHOUT_DATA.has(kind)) return null
  return event.attempt ?? decision.attempt ?? call.attempt
}
