/** One fact that a consumer handled, as it wrote it down. */
export interface LedgerLine {
  readonly fact: 'ready' | 'corrected' | 'extraction'
  /** The idempotency key under which it was handed on. */
  readonly key: string
  readonly callId: string
  readonly attempt: number
  /** The attempt of which the data are that came with it, by a field of their own. */
  readonly dataOf: number | null
  /** What the attempt costs with it, in cents; null for nothing. */
  readonly cents: number | null
  /** What a correction said that it had cost before. */
  readonly before?: number | null
}

/** What a ledger comes to. */
export interface Books {
  /** What each attempt is charged: the last amount that was set. */
  readonly charged: ReadonlyMap<string, number>
  /** Every amount that was ever set, in its order. */
  readonly amounts: ReadonlyMap<string, readonly (number | null)[]>
  /** How often the extraction of an attempt was handed on, repeats under one key left out. */
  readonly extractions: ReadonlyMap<string, number>
  /** Facts that were handed on again under their key, as after a crash. */
  readonly repeats: number
  /** What cannot be, in words. */
  readonly problems: readonly string[]
}

/** The name of an attempt in the books. Pure. */
export function attemptName(callId: string, attempt: number): string {
  return `${callId}/${attempt}`
}

/**
 * Adds a ledger up as the recipe says: an amount is set, never added. A key that comes again must bring what
 * it brought before, an attempt is ready once, and a correction goes on from what was charged. Pure.
 */
export function booksOf(lines: readonly LedgerLine[]): Books {
  const byKey = new Map<string, LedgerLine>()
  const amounts = new Map<string, (number | null)[]>()
  const charged = new Map<string, number>()
  const extractions = new Map<string, number>()
  const problems: string[] = []
  let repeats = 0
  for (const line of lines) {
    const { fact, key, callId, attempt, dataOf, cents } = line
    const name = attemptName(callId, attempt)
    if (dataOf !== attempt) problems.push(`${key}: came with the data of attempt ${dataOf}`)
    if (fact !== 'extraction') {
      // To the letter, for every handling, also a repeated one.
      if (cents === null) charged.delete(name)
      else charged.set(name, cents)
    }
    const known = byKey.get(`${fact} ${key}`)
    if (known !== undefined) {
      repeats++
      if (JSON.stringify(known) !== JSON.stringify(line)) problems.push(`${key}: another fact now`)
      continue
    }
    byKey.set(`${fact} ${key}`, line)
    if (fact === 'extraction') {
      extractions.set(name, (extractions.get(name) ?? 0) + 1)
      continue
    }
    const earlier = amounts.get(name) ?? []
    const last = earlier.at(-1)
    if (fact === 'ready' && last !== undefined)
      problems.push(`${name}: ready a second time, ${key}`)
    if (fact === 'corrected' && last !== line.before) {
      problems.push(`${name}: corrected from ${line.before}, and ${last} was charged, ${key}`)
    }
    amounts.set(name, [...earlier, cents])
  }
  return { charged, amounts, extractions, repeats, problems }
}
