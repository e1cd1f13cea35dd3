import type { Columns, Engine, SqliteValue, Statements } from './engine.ts'

/**
 * Selects rows and claims each, as the only writer of the file. It looks first without: who finds
 * nothing to claim, as idle workers do all the time, is in nobody's way.
 */
export function claimRows(
  engine: Engine,
  select: string,
  values: readonly SqliteValue[],
  claim: (statements: Statements, columns: Columns) => unknown,
): readonly Columns[] {
  const isAny = engine.single((statements) => statements.get(select, ...values)) !== undefined
  if (!isAny) return []
  return engine.write((statements) => {
    const rows = statements.all(select, ...values)
    for (const columns of rows) claim(statements, columns)
    return rows
  })
}
