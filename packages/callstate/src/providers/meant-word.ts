/**
 * The one of the known words that a mistyped one may mean; null where none is close. A word of which
 * another is a part is close to it (`total_cost` to `cost`), and one with a letter in three mistyped. Pure.
 *
 * @example
 * meantWord('recordingUrl', ['cost', 'recording']) // 'recording'
 */
export function meantWord(typed: string, words: readonly string[]): string | null {
  const letters = lettersOf(typed)
  const part = words.find((word) => isPartOf(lettersOf(word), letters))
  if (part !== undefined) return part
  const mistakes = words.map((word) => distance(letters, lettersOf(word)))
  const least = Math.min(...mistakes)
  return least <= letters.length / LETTERS_PER_MISTAKE
    ? (words[mistakes.indexOf(least)] ?? null)
    : null
}

const LETTERS_PER_MISTAKE = 3
/** What is shorter stands in too many words. */
const MIN_PART_LENGTH = 4
/** Longer ones are no words. */
const MAX_LENGTH = 40

function lettersOf(word: string): string {
  return word
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .slice(0, MAX_LENGTH)
}

function isPartOf(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length >= MIN_PART_LENGTH && long.includes(short)
}

/** How many letters are put in, left out or changed between two words (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, place) => place)
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1]
    for (const [place, other] of [...to].entries()) {
      const changed = (row[place] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(changed, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
