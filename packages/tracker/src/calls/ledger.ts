import { type Call, isTerminal } from 'callstate'
import { FINAL_FIELDS } from 'callstate/internal'
import type { FinalField, Provider } from 'callstate/providers'
import { type AttemptEnd, endsOf, NO_END } from './attempt-ends.ts'
import type { AttemptLedger, Correction, FinalChange, FinalData } from './final-data.ts'
import { type FinalMessage, isSameValue, saidOf, withSaid } from './ledger-said.ts'

/** What is expected of the final data of a provider's calls. */
export interface LedgerRules {
  readonly provider: Pick<Provider, 'habits'>
  /** Fields that are expected beyond those that the provider's habits name, where they are final. */
  readonly expects?: readonly FinalField[]
  /** How long after an end its data may take; what the provider's habits say where it is left out. */
  readonly dataBudgetMs?: number
}

/** What is known beside the messages of a call. */
export interface LedgerContext {
  readonly receivedAt: number
  /** Whether the entry is a repeat that changes nothing about where the call and its attempts stand. */
  readonly isRepeat: boolean
  readonly rules: LedgerRules
}

/** The ledgers after a message, and what it changed. */
export interface FoldedLedgers {
  readonly ledgers: readonly AttemptLedger[]
  readonly facts: readonly FinalChange[]
}

const NO_FACTS: readonly FinalChange[] = []

/**
 * Takes a message into the ledgers of its call. `call` is what is known with it: which end counts in each
 * attempt, and which attempt is the latest. `message` is null where what came holds nothing final; it may
 * end an attempt all the same, or several.
 *
 * Where no two messages of an attempt say the same time and number, ledgers depend on the messages, the
 * attempts into which they were read and the call alone, never on their order, but for what tells when and
 * what was handed out: the times, `readyFields`, and sequences. Of messages that say the same time and
 * number, the one that came later counts.
 *
 * `isRepeat` says that the message tells nothing new of the call: then what is missing, and until when, is
 * not decided anew where it brings no value, since that depends on the options of who takes it in. Pure.
 */
export function foldLedgers(
  before: readonly AttemptLedger[],
  message: FinalMessage | null,
  call: Call,
  { receivedAt, isRepeat, rules }: LedgerContext,
): FoldedLedgers {
  // The common case, a call of one attempt that goes on, is answered at once.
  const isFirst = call.heard.length <= 1 && call.attempt === 1
  const goesOn = isFirst && (call.status === null || !isTerminal(call.status))
  const tellsNothing = message === null && ((before.length === 0 && goesOn) || isRepeat)
  if (tellsNothing) return { ledgers: before, facts: NO_FACTS }

  const ends = endsOf(call)
  const numbers = new Set([
    ...before.map(({ attempt }) => attempt),
    ...ends.keys(),
    ...supersededBy(call.attempt),
  ])
  if (message !== null) numbers.add(message.attempt)
  const ledgers: AttemptLedger[] = []
  const facts: FinalChange[] = []
  for (const attempt of [...numbers].toSorted((a, b) => a - b)) {
    const known = before.find((ledger) => ledger.attempt === attempt)
    const own = message?.attempt === attempt ? message : null
    const next = nextLedger(known ?? unheard(attempt), own, {
      ...(ends.get(attempt) ?? NO_END),
      isLatest: attempt >= call.attempt,
      receivedAt,
      rules,
    })
    const { ledger, fact } = withFact(known, isRepeat ? standingAs(known, next) : next)
    if (saysSomething(ledger)) ledgers.push(ledger)
    if (fact !== null) facts.push(fact)
  }
  return { ledgers, facts }
}

/** Attempts of which nothing was heard, but that a later one was: so many before it are missed at most. */
const MAX_UNHEARD = 20

function supersededBy(attempt: number): readonly number[] {
  const count = Math.min(attempt - 1, MAX_UNHEARD)
  return Array.from({ length: count }, (_, place) => attempt - count + place)
}

function saysSomething({ end, said, readyFields, missing }: AttemptLedger): boolean {
  return end !== null || said.length > 0 || readyFields.length > 0 || missing.length > 0
}

/**
 * What is final of an attempt; null while it goes on. Pure.
 *
 * @example
 * finalDataOf(ledger)?.cost // { amount: 22.99, currency: null, unit: 'cent' }
 */
export function finalDataOf(ledger: AttemptLedger): FinalData | null {
  if (ledger.end === null) return null
  return {
    durationMs: saidOf(ledger, 'durationMs')?.value ?? null,
    cost: saidOf(ledger, 'cost')?.value ?? null,
    recording: saidOf(ledger, 'recording')?.value ?? null,
    transcript: saidOf(ledger, 'transcript')?.value ?? null,
    extraction: saidOf(ledger, 'extraction')?.value ?? null,
    hangupBy: saidOf(ledger, 'hangupBy')?.value ?? null,
    reason: saidOf(ledger, 'reason')?.value ?? null,
    voicemail: saidOf(ledger, 'voicemail')?.value ?? null,
  }
}

/** When the first of the missing data of a call become overdue; null where none are missing. Pure. */
export function dataDueOf(ledgers: readonly AttemptLedger[]): number | null {
  const times = ledgers.flatMap(({ dataDueAt }) => dataDueAt ?? [])
  return times.length === 0 ? null : Math.min(...times)
}

/**
 * Ledgers that were made anew, with what the stored ones say was handed out: what had a value once is a
 * correction from then on. An attempt of which nothing was handed out and nothing is known is left out. Pure.
 */
export function withHandedOut(
  anew: readonly AttemptLedger[],
  stored: readonly AttemptLedger[],
): readonly AttemptLedger[] {
  const gone = stored.filter(
    ({ attempt, readyFields }) =>
      readyFields.length > 0 && !anew.some((ledger) => ledger.attempt === attempt),
  )
  return [...anew, ...gone.map(({ attempt }) => unheard(attempt))]
    .toSorted((a, b) => a.attempt - b.attempt)
    .map((ledger) => {
      const known = stored.find(({ attempt }) => attempt === ledger.attempt)?.readyFields ?? []
      const more = ledger.readyFields.filter((field) => !known.includes(field))
      return { ...ledger, readyFields: [...known, ...more] }
    })
}

function unheard(attempt: number): AttemptLedger {
  return {
    attempt,
    end: null,
    endedAt: null,
    supersededAt: null,
    finalFields: [],
    said: [],
    readyFields: [],
    missing: [],
    dataDueAt: null,
    isAskable: true,
  }
}

/** What is known beside the ledger and the message. */
interface Situation extends AttemptEnd {
  readonly isLatest: boolean
  readonly receivedAt: number
  readonly rules: LedgerRules
}

/** The ledger with a message of its own attempt, but for what was handed out. */
function nextLedger(
  known: AttemptLedger,
  message: FinalMessage | null,
  { end, wasUp, isLatest, receivedAt, rules }: Situation,
): AttemptLedger {
  const { habits } = rules.provider
  const declared = end === null ? undefined : habits.final[end]
  const endedAt = end === null ? null : end === known.end ? known.endedAt : receivedAt
  const supersededAt = isLatest ? null : (known.supersededAt ?? receivedAt)
  const ledger: AttemptLedger = {
    ...known,
    end,
    endedAt,
    supersededAt,
    finalFields: declared?.final ?? [],
    said: message === null ? known.said : withSaid(known.said, message),
    isAskable: isLatest,
  }
  const expected = new Set([
    ...(end === null && !isLatest ? expectedOfLost(habits) : []),
    ...(declared?.expected ?? []),
    ...(wasUp ? (declared?.expectedIfConnected ?? []) : []),
    ...(rules.expects ?? []).filter((field) => declared?.final.includes(field)),
  ])
  const missing = FINAL_FIELDS.filter((field) => expected.has(field) && !saidOf(ledger, field))
  const dataBudgetMs = rules.dataBudgetMs ?? habits.dataBudgetMs
  return { ...ledger, missing, dataDueAt: missing.length > 0 ? dueOf(ledger, dataBudgetMs) : null }
}

/**
 * What is expected of an attempt that a later one followed and whose end nobody told: it may have been one
 * that costs something, where the provider says costs at all.
 */
function expectedOfLost({ final }: LedgerRules['provider']['habits']): readonly FinalField[] {
  return final.completed?.expected.includes('cost') === true ? ['cost'] : []
}

/** A ledger as it stood, with what a repeat brought: only what was missing and is there now is missing no more. */
function standingAs(known: AttemptLedger | undefined, next: AttemptLedger): AttemptLedger {
  if (known === undefined) return next
  const missing = known.missing.filter((field) => !saidOf(next, field))
  return { ...next, missing, dataDueAt: missing.length > 0 ? known.dataDueAt : null }
}

/** What can no longer be asked for is overdue at once. */
function dueOf({ endedAt, supersededAt }: AttemptLedger, dataBudgetMs: number): number | null {
  if (endedAt === null) return supersededAt
  const due = Math.floor(endedAt + dataBudgetMs)
  const dueAt = supersededAt === null ? due : Math.max(endedAt, Math.min(supersededAt, due))
  // A budget that is no number, or beyond every calendar, is none: stores keep integers.
  return Number.isSafeInteger(dueAt) ? dueAt : null
}

/** The ledger with what is handed out now, and what that is; null where it is nothing new. */
function withFact(
  known: AttemptLedger | undefined,
  next: AttemptLedger,
): { readonly ledger: AttemptLedger; readonly fact: FinalChange | null } {
  const ready = FINAL_FIELDS.filter(
    (field) => !next.readyFields.includes(field) && saidOf(next, field) !== undefined,
  )
  const corrected = known === undefined ? [] : correctionsOf(known, next)
  if (ready.length + corrected.length === 0) return { ledger: next, fact: null }
  const readyFields = ready.length === 0 ? next.readyFields : [...next.readyFields, ...ready]
  const fact = { attempt: next.attempt, finalData: finalDataOf(next), ready, corrected }
  return { ledger: { ...next, readyFields }, fact }
}

/** The values that had been ready in a ledger and are others in a later form of it. Pure. */
export function correctionsOf(before: AttemptLedger, after: AttemptLedger): readonly Correction[] {
  return FINAL_FIELDS.flatMap((field) => {
    if (!before.readyFields.includes(field)) return []
    const [was, is] = [saidOf(before, field), saidOf(after, field)]
    if (isSameValue(was, is)) return []
    const [from, now] = [was?.value ?? null, is?.value ?? null]
    return [{ field, before: from, now, message: is?.by.message ?? null }]
  })
}
