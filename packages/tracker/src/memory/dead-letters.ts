import type { DeadLetter, Store } from '../store.ts'
import type { Kept } from './kept.ts'

/** Changes that were set aside. */
export function deadLetterMethods({
  letters,
}: Kept): Pick<Store, 'deadLetters' | 'reviveDeadLetters' | 'claimDeadLetters' | 'endDeadLetter'> {
  return {
    async deadLetters({ consumer, after, limit }) {
      return [...letters.values()]
        .filter((letter) => consumer === undefined || letter.consumer === consumer)
        .sort(compareLetters)
        .filter((letter) => !after || compareLetters(letter, after) > 0)
        .slice(0, limit)
    },

    async reviveDeadLetters(consumer, { id, now }) {
      const lying = [...letters.values()].filter(
        (letter) =>
          letter.consumer === consumer &&
          letter.replayAt === null &&
          (id === undefined || letter.id === id),
      )
      for (const letter of lying) letters.set(letter.id, { ...letter, replayAt: now })
      return lying.length
    },

    async claimDeadLetters(consumer, { now, until, limit }) {
      const due = [...letters.values()]
        .filter((letter) => letter.consumer === consumer)
        .filter(({ replayAt }) => replayAt !== null && replayAt <= now)
        .sort(compareLetters)
        .slice(0, limit)
        .map((letter) => ({ ...letter, replayAt: until }))
      for (const letter of due) letters.set(letter.id, letter)
      return due
    },

    async endDeadLetter(id, end) {
      const letter = letters.get(id)
      if (letter === undefined) return
      if (end.handled) letters.delete(id)
      else {
        const { error, at } = end
        letters.set(id, { ...letter, error, at, replays: letter.replays + 1, replayAt: null })
      }
    },
  }
}

type LetterPosition = Pick<DeadLetter, 'at' | 'id'>

function compareLetters(a: LetterPosition, b: LetterPosition): number {
  return a.at - b.at || Number(a.id) - Number(b.id)
}
