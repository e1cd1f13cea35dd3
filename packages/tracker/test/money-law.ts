import type { AttemptTruth, CallTruth, Truth } from '../../emulator/src/index.ts'
import { attemptName, type Books } from './money-ledger.ts'

/** The attempts in the list of missing data, each with the fields that it lacks. */
export type Listed = ReadonlyMap<string, readonly string[]>

/** What the books and the list were held against the truth. */
export interface MoneyReport {
  readonly attempts: number
  readonly charged: Sum
  readonly listed: Sum
  /** Corrections that nobody was told: what they would add. */
  readonly untold: Sum
  /** The emulator's own sum, in cents. */
  readonly truth: number
  readonly corrections: number
  readonly extractions: number
  /** Everything that does not hold, in words. */
  readonly problems: readonly string[]
}

/** How many, and how many cents. */
export interface Sum {
  readonly count: number
  readonly cents: number
}

/** What is known beside the truth. */
export interface LawOptions {
  /** Whether every record was asked for at the end: then the last word on every latest attempt is known. */
  readonly isSwept: boolean
}

const NEAR = 1e-6

/**
 * The ends at which a cost of Bolna's is expected, by hand: what was completed, and what failed inside of
 * Bolna. In the emulator no other end follows on a conversation.
 */
const COSTED: readonly (string | null)[] = ['completed', 'error']

/**
 * The law about money. An attempt is charged once, with the amount of its own final record as far as it was
 * told, or stands in the list of missing data; never both, never neither. What is charged and what is
 * listed make the true sum, but for corrections that nobody was told. Each extraction is handed on once. Pure.
 */
export function moneyReport(
  truth: Truth,
  books: Books,
  listed: Listed,
  options: LawOptions,
): MoneyReport {
  const problems = [...books.problems]
  const charged = { count: 0, cents: 0 }
  const missing = { count: 0, cents: 0 }
  const untold = { count: 0, cents: 0 }
  const strange = new Set([...books.charged.keys(), ...books.extractions.keys(), ...listed.keys()])
  let attempts = 0
  for (const call of truth.calls) {
    for (const attempt of call.attempts) {
      attempts++
      const name = attemptName(call.id, attempt.attempt)
      strange.delete(name)
      const cents = books.charged.get(name)
      const isListed = listed.get(name)?.includes('cost') === true
      const found = [
        ...costProblems(call, attempt, cents, isListed, options),
        ...extractionProblems(attempt, books.extractions.get(name) ?? 0, listed.get(name) ?? []),
      ]
      problems.push(...found.map((problem) => `${name} (${attempt.end}): ${problem}`))
      const last = versionsOf(attempt).at(-1) ?? 0
      if (isListed) add(missing, last)
      if (cents === undefined) continue
      add(charged, cents)
      if (Math.abs(last - cents) > NEAR) add(untold, last - cents)
    }
  }
  problems.push(...[...strange].map((name) => `${name}: there is no such attempt`))
  const total = truth.totals.amounts.reduce((sum, { amount }) => sum + amount, 0)
  const found = charged.cents + missing.cents + untold.cents
  if (Math.abs(found - total) > NEAR) problems.push(`the sum is ${found}, and truly ${total}`)
  return {
    attempts,
    charged,
    listed: missing,
    untold,
    truth: total,
    corrections: truth.totals.corrections,
    extractions: [...books.extractions.values()].reduce((sum, count) => sum + count, 0),
    problems,
  }
}

function* costProblems(
  call: CallTruth,
  attempt: AttemptTruth,
  cents: number | undefined,
  isListed: boolean,
  { isSwept }: LawOptions,
): Generator<string> {
  const versions = versionsOf(attempt)
  const { surely, possibly } = toldOf(call, attempt)
  const isLatest = attempt.attempt === call.attempt
  const isExpected = COSTED.includes(attempt.end)
  if (cents !== undefined && isListed) yield `charged with ${cents} and listed`
  if (isListed && !isExpected) yield 'listed, though nothing is expected'
  if (isListed && isLatest) yield 'listed, though its record could be asked for'
  if (cents === undefined) {
    if (isExpected && !isListed) yield `neither charged with ${versions.at(-1)} nor listed`
    if (surely >= 0) yield `not charged, though ${versions[surely]} was told`
    return
  }
  const version = versions.findIndex((amount) => Math.abs(amount - cents) <= NEAR)
  const words = `charged with ${cents}; its amounts were ${versions.join(', ')}`
  if (version < 0) yield words
  else if (version < surely) yield `${words}; told was ${versions[surely]}`
  else if (!isLatest && !possibly.has(version)) yield `${words}; nobody was told of this one`
  else if (isLatest && isSwept && version < versions.length - 1)
    yield `${words}; its record says the last`
}

function* extractionProblems(
  { end, extraction }: AttemptTruth,
  handed: number,
  missing: readonly string[],
): Generator<string> {
  const expected = extraction === null ? 0 : 1
  if (handed !== expected) yield `its extraction was handed on ${handed} times, not ${expected}`
  const isListed = missing.includes('extraction')
  if (end === 'completed' && isListed !== (expected === 0)) {
    yield `its extraction is ${isListed ? '' : 'not '}listed and was handed on ${handed} times`
  }
}

/** What its record said that the attempt cost, one after the other. */
function versionsOf({ amount, corrections }: AttemptTruth): readonly number[] {
  return amount === null ? [] : [amount.amount, ...corrections.map((one) => one.amount.amount)]
}

/** Which of the versions its own webhooks brought: the latest that was acknowledged, and all that may have come. */
function toldOf(call: CallTruth, { attempt, end, corrections }: AttemptTruth) {
  let surely = -1
  const possibly = new Set<number>()
  for (const { event, at, tries } of call.deliveries) {
    if (typeof event === 'string' || event.attempt !== attempt || event.status !== end) continue
    const version = corrections.filter((one) => one.at <= at).length
    if (tries.length > 0) possibly.add(version)
    if (tries.some(({ answer }) => answer === 200)) surely = Math.max(surely, version)
  }
  return { surely, possibly }
}

function add(sum: { count: number; cents: number }, cents: number): void {
  sum.count++
  sum.cents += cents
}
