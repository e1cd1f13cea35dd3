import type { Ask, ListQuestion } from './ask.ts'

const MAX_PAGES = 100

/** Every row of a list, of which `answer` stands for the server. */
export function readWhole(
  ask: Ask,
  question: Omit<ListQuestion, 'cursor'>,
  answer: (address: URL) => unknown,
): readonly unknown[] {
  const { list } = ask
  if (list === undefined) throw new Error('There is no list.')
  const rows: unknown[] = []
  let cursor: string | null = null
  for (let count = 0; count < MAX_PAGES; count++) {
    const asked: ListQuestion = { ...question, cursor }
    const page = list.readPage(answer(new URL(ask.baseUrl + list.request(asked).path)), asked)
    if (page === null) throw new Error('The answer is no page.')
    rows.push(...page.items)
    if (page.next === null) return rows
    cursor = page.next
  }
  throw new Error('The list has no end.')
}
