/** A range of whole numbers, both ends included. */
export interface WholeRange {
  readonly lowest: number
  /** By default the highest that is exact. */
  readonly highest?: number
}

/** A whole number out of a range, written with digits alone; null for any other text. Pure. */
export function wholeNumberIn(
  text: string,
  { lowest, highest = Number.MAX_SAFE_INTEGER }: WholeRange,
): number | null {
  const value = Number(text)
  return /^\d+$/.test(text) && value >= lowest && value <= highest ? value : null
}

/** The range in words: `from 1 to 1000`, `from 1 on`. Pure. */
export function rangeText({ lowest, highest }: WholeRange): string {
  return highest === undefined ? `from ${lowest} on` : `from ${lowest} to ${highest}`
}
