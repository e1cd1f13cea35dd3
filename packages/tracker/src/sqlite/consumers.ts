import type { CallRef } from '../calls/tracked-call.ts'
import type { ConsumerClaim, Store } from '../store.ts'
import { CALL_BY_NAME } from './calls.ts'
import { claimRows } from './claim-rows.ts'
import type { Engine } from './engine.ts'

export function removeConsumerOf(engine: Engine, name: string): void {
  engine.write((statements) => {
    statements.run('DELETE FROM callstate_consumers WHERE consumer = ?', name)
    statements.run('DELETE FROM callstate_cursors WHERE consumer = ?', name)
    statements.run('DELETE FROM callstate_dead_letters WHERE consumer = ?', name)
  })
}

export function claimCallsOf(
  engine: Engine,
  consumer: string,
  { now, until, limit, owner, latest }: Parameters<Store['claimCalls']>[1],
): readonly ConsumerClaim[] {
  // Where the bounds cross, no call is found twice.
  const ahead = Math.max(now, latest)
  const values = [consumer, now, limit, consumer, ahead, limit, limit] as const
  const claimed = claimRows(engine, SELECT_DUE, values, (statements, columns) =>
    statements.run(CLAIM, until, owner, consumer, Number(columns['call_row'])),
  )
  return claimed.map((columns) => ({
    provider: String(columns['provider']),
    callId: String(columns['call_id']),
    position: Number(columns['position']),
    tries: Number(columns['tries']),
  }))
}

export function endClaimOf(
  engine: Engine,
  consumer: string,
  { provider, callId }: CallRef,
  owner: string,
  { position, tries, nextAt, deadLetter }: Parameters<Store['endClaim']>[3],
): boolean {
  return engine.write((statements) => {
    const claim = [consumer, provider, callId, owner] as const
    const isEnded = statements.run(END_CLAIM, position, tries, position, nextAt, ...claim) > 0
    if (isEnded && deadLetter !== undefined) {
      const { sequence, error, at } = deadLetter
      statements.run(INSERT_LETTER, consumer, provider, callId, sequence, error, at)
    }
    return isEnded
  })
}

export function keepClaimOf(
  engine: Engine,
  consumer: string,
  { provider, callId }: CallRef,
  owner: string,
  { position, until }: Parameters<Store['keepClaim']>[3],
): boolean {
  const values = [position, position, until, consumer, provider, callId, owner] as const
  return engine.single((statements) => statements.run(KEEP_CLAIM, ...values)) > 0
}

const selectCursors = (bound: string): string => `
  SELECT * FROM (
    SELECT call_row, due_at, position, tries + (owner IS NOT NULL) AS tries FROM callstate_cursors
    WHERE consumer = ? AND ${bound} ORDER BY due_at, call_row LIMIT ?
  )`

/** A search in the index for each bound; one for both would look at all that lies between. */
const SELECT_DUE = `
  SELECT cursors.call_row, provider, call_id, position, tries
  FROM (
    ${selectCursors('due_at <= ?')} UNION ALL ${selectCursors('due_at > ?')}
    ORDER BY due_at, call_row LIMIT ?
  ) AS cursors JOIN callstate_calls AS calls ON calls.id = cursors.call_row
  ORDER BY cursors.due_at, cursors.call_row`

/** An owner that is still there never ended its claim. */
const CLAIM = `
  UPDATE callstate_cursors SET due_at = ?, owner = ?, tries = tries + (owner IS NOT NULL)
  WHERE consumer = ? AND call_row = ?`

const END_CLAIM = `
  UPDATE callstate_cursors SET
    position = ?, tries = ?, due_at = CASE WHEN head > ? THEN ? END, owner = NULL
  WHERE consumer = ? AND call_row = ${CALL_BY_NAME} AND owner = ?`

/** Another entry comes after another position, and nobody has tried that one. */
const KEEP_CLAIM = `
  UPDATE callstate_cursors SET
    tries = CASE WHEN position = ? THEN tries ELSE 0 END, position = ?, due_at = ?
  WHERE consumer = ? AND call_row = ${CALL_BY_NAME} AND owner = ?`

const INSERT_LETTER = `
  INSERT INTO callstate_dead_letters (
    consumer, provider, call_id, sequence, error, failed_at, replays, due_at
  ) VALUES (?, ?, ?, ?, ?, ?, 0, NULL)`
