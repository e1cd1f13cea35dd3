import type { CallRef } from '../calls/tracked-call.ts'
import type { SilentCall, Store } from '../store.ts'
import { claimRows } from './claim-rows.ts'
import type { Engine } from './engine.ts'
import { rowOf } from './rows.ts'

export function claimSilentCalls(
  engine: Engine,
  { provider, now, until, limit }: Parameters<Store['claimSilent']>[0],
): readonly SilentCall[] {
  const claimed = claimRows(engine, SELECT_SILENT, [now, provider, limit], (statements, columns) =>
    statements.run(
      'UPDATE callstate_calls SET next_poll_at = ? WHERE id = ?',
      until,
      Number(columns['id']),
    ),
  )
  return claimed.map((columns) => ({ row: rowOf(columns), asked: Number(columns['polls']) }))
}

export function postponePollOf(
  engine: Engine,
  { provider, callId }: CallRef,
  { askAt, at, asked }: Parameters<Store['postponePoll']>[1],
): void {
  engine.single((statements) => statements.run(POSTPONE, at, asked, provider, callId, askAt))
}

const SELECT_SILENT =
  'SELECT * FROM callstate_calls WHERE next_poll_at <= ? AND provider = ? ORDER BY next_poll_at, provider, call_id LIMIT ?'

const POSTPONE = `
  UPDATE callstate_calls SET next_poll_at = ?, polls = ?
  WHERE provider = ? AND call_id = ? AND ask_at IS ?`
