/** Counts words. A word whose count falls to 0 is forgotten, so that equal counts are equal data. */
export interface Tally<Word extends string> {
  /** Adds to the count of a word, or takes away with a number below 0. */
  add(word: Word, by: number): void
  read(): Partial<Record<Word, number>>
}

/** Makes counters that all stand at 0. */
export function createTally<Word extends string>(): Tally<Word> {
  const counts = new Map<Word, number>()
  return {
    add(word, by) {
      const count = (counts.get(word) ?? 0) + by
      if (count === 0) counts.delete(word)
      else counts.set(word, count)
    },
    read: () => Object.fromEntries(counts) as Partial<Record<Word, number>>,
  }
}
