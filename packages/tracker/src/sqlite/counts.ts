import type { ConsumerCounts, StoreCounts } from '../store.ts'
import type { Engine, Statements } from './engine.ts'
import { timeOf } from './rows.ts'

export function countsOf(engine: Engine, now: number): StoreCounts {
  return engine.read((statements) => {
    const names = statements.all('SELECT consumer FROM callstate_consumers')
    const consumers = new Map(
      names.map(({ consumer }) => [String(consumer), new Map<string, ConsumerCounts>()]),
    )
    for (const columns of statements.all(COUNT_LEFT)) {
      consumers.get(String(columns['consumer']))?.set(String(columns['provider']), {
        waiting: Number(columns['waiting']),
        oldestDueAt: timeOf(columns['oldest']),
        deadLetters: Number(columns['letters']),
      })
    }
    return { overdue: overdueIn(statements, now), consumers }
  })
}

function overdueIn(statements: Statements, now: number): StoreCounts['overdue'] {
  return new Map(
    statements
      .all(COUNT_OVERDUE, now, now, now)
      .map(({ provider, silent, data }) => [
        String(provider),
        { silent: Number(silent), data: Number(data) },
      ]),
  )
}

// The indexes are named, since without statistics SQLite would look at every row instead.

const COUNT_OVERDUE = `
  SELECT provider, count(iif(due_at <= ?, 1, NULL)) AS silent,
    count(iif(data_due_at <= ?, 1, NULL)) AS data
  FROM callstate_calls INDEXED BY callstate_calls_overdue WHERE overdue_at <= ? GROUP BY provider`

/** A call with unhandled entries is always due at some time, which keeps the search short. */
const COUNT_LEFT = `
  SELECT consumer, provider, sum(waiting) AS waiting, min(due_at) AS oldest, sum(letters) AS letters
  FROM (
    SELECT consumer, provider, 1 AS waiting, cursors.due_at AS due_at, 0 AS letters
    FROM callstate_cursors AS cursors INDEXED BY callstate_cursors_due
      JOIN callstate_calls AS calls ON calls.id = cursors.call_row
    WHERE cursors.due_at IS NOT NULL AND head > position
    UNION ALL
    SELECT consumer, provider, 0, NULL, 1 FROM callstate_dead_letters
  ) GROUP BY consumer, provider`
