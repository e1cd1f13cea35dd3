import type { StoreCounts } from '../store.ts'
import type { Engine } from './engine.ts'
import { timeOf } from './rows.ts'

export function countsOf(engine: Engine, now: number): StoreCounts {
  return engine.read((statements) => ({
    overdue: new Map(
      statements
        .all(COUNT_OVERDUE, now)
        .map((columns) => [String(columns['provider']), Number(columns['calls'])]),
    ),
    consumers: new Map(
      statements.all(COUNT_CONSUMERS).map((columns) => [
        String(columns['name']),
        {
          waiting: Number(columns['waiting']),
          oldestDueAt: timeOf(columns['oldest']),
          deadLetters: Number(columns['letters']),
        },
      ]),
    ),
  }))
}

// The indexes are named, since without statistics SQLite would look at every row instead.

const COUNT_OVERDUE = `
  SELECT provider, count(*) AS calls FROM callstate_calls INDEXED BY callstate_calls_due
  WHERE due_at <= ? GROUP BY provider`

/** A call with unhandled entries is always due at some time, which keeps the search short. */
const WAITING = `
  FROM callstate_cursors INDEXED BY callstate_cursors_due
  WHERE consumer = name AND due_at IS NOT NULL AND head > position`

const COUNT_CONSUMERS = `
  SELECT name,
    (SELECT count(*) ${WAITING}) AS waiting,
    (SELECT min(due_at) ${WAITING}) AS oldest,
    (SELECT count(*) FROM callstate_dead_letters WHERE consumer = name) AS letters
  FROM callstate_consumers`
