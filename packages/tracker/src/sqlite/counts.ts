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
  const counts = (sql: string) =>
    new Map(
      statements.all(sql, now).map(({ provider, calls }) => [String(provider), Number(calls)]),
    )
  const silent = counts(COUNT_SILENT)
  const data = counts(COUNT_DATA)
  return new Map(
    [...new Set([...silent.keys(), ...data.keys()])].map((provider) => [
      provider,
      { silent: silent.get(provider) ?? 0, data: data.get(provider) ?? 0 },
    ]),
  )
}

// The indexes are named, since without statistics SQLite would look at every row instead.

const COUNT_SILENT = `
  SELECT provider, count(*) AS calls FROM callstate_calls INDEXED BY callstate_calls_due
  WHERE due_at <= ? GROUP BY provider`

const COUNT_DATA = `
  SELECT provider, count(*) AS calls FROM callstate_calls INDEXED BY callstate_calls_data_due
  WHERE data_due_at <= ? GROUP BY provider`

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
