/** A cell of a table: its text, and what colours it. */
export type Cell = string | readonly [text: string, color: (text: string) => string]

/** Rows as aligned columns, two spaces apart. Nothing but the cells is coloured. Pure. */
export function tableText(rows: readonly (readonly Cell[])[], indent = ''): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, textOf(cell).length)
    }
  }
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => {
        const isLast = column === row.length - 1
        const text = isLast ? textOf(cell) : textOf(cell).padEnd(widths[column] ?? 0)
        return typeof cell === 'string' ? text : cell[1](text)
      })
      return `${indent}${cells.join('  ')}\n`
    })
    .join('')
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell[0]
}
