import { outcome } from 'callstate'
import { callFrom01, historyFrom01 } from '../migration/from-0.1.ts'
import type { Columns, Statements } from './engine.ts'

/** So many calls are in memory at once. */
const CALLS_AT_ONCE = 500

/** Brings what release 0.1 wrote as JSON to the words and the shape of today: every call, every entry. */
export function rewriteRowsOf01(statements: Statements): void {
  for (let after = 0; ; ) {
    const calls = statements.all(SELECT_CALLS, after, CALLS_AT_ONCE)
    for (const columns of calls) {
      after = Number(columns['id'])
      rewriteCall(statements, after, columns)
      rewriteHistory(statements, after)
    }
    if (calls.length < CALLS_AT_ONCE) return
  }
}

function rewriteCall(statements: Statements, id: number, { known }: Columns): void {
  const call = callFrom01(JSON.parse(String(known)))
  statements.run(UPDATE_CALL, JSON.stringify(call), outcome(call), id)
}

function rewriteHistory(statements: Statements, call: number): void {
  const rows = statements.all(SELECT_ENTRIES, call)
  const entries = historyFrom01(
    rows.map(({ event, decision }) => ({
      event: JSON.parse(String(event)),
      decision: JSON.parse(String(decision)),
    })),
  )
  for (const [place, { event, decision }] of entries.entries()) {
    const texts = [JSON.stringify(event), JSON.stringify(decision)] as const
    const { kind, eventId = null } = event
    statements.run(UPDATE_ENTRY, ...texts, kind, eventId, Number(rows[place]?.['id']))
  }
}

const SELECT_CALLS = 'SELECT id, known FROM callstate_calls WHERE id > ? ORDER BY id LIMIT ?'

const UPDATE_CALL = 'UPDATE callstate_calls SET known = ?, outcome = ? WHERE id = ?'

const SELECT_ENTRIES =
  'SELECT id, event, decision FROM callstate_entries WHERE call_row = ? ORDER BY sequence'

const UPDATE_ENTRY =
  'UPDATE callstate_entries SET event = ?, decision = ?, kind = ?, event_id = ? WHERE id = ?'
