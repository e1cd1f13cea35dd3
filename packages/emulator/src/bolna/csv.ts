/** One row of a CSV file with a header, by the names of the columns. */
export type CsvRow = Readonly<Record<string, string>>

/** Reads a CSV file with a header; fields may be quoted. Empty lines are left out. Pure. */
export function parseCsv(text: string): readonly CsvRow[] {
  const [header, ...rows] = linesOf(text)
  if (header === undefined) return []
  return rows.map((fields) =>
    Object.fromEntries(header.map((name, at) => [name.trim(), (fields[at] ?? '').trim()])),
  )
}

function linesOf(text: string): string[][] {
  const lines: string[][] = []
  let fields: string[] = []
  let field = ''
  let isQuoted = false
  const endField = () => {
    fields.push(field)
    field = ''
  }
  const endLine = () => {
    endField()
    if (fields.some((one) => one.trim() !== '')) lines.push(fields)
    fields = []
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character === '"' && isQuoted && text[at + 1] === '"') {
      field += '"'
      at++
    } else if (character === '"') isQuoted = !isQuoted
    else if (isQuoted) field += character
    else if (character === ',') endField()
    else if (character === '\n') endLine()
    else if (character !== '\r') field += character
  }
  endLine()
  return lines
}
