/** A quoted string of the DOT language that shows these lines, whatever stands in them. */
export function dotText(...lines: readonly string[]): string {
  return `"${lines.map(escaped).join('\\n')}"`
}

// Graphviz reads backslashes as escapes and `&name;` as an entity, also inside quotes.
function escaped(line: string): string {
  return line.replace(/[\\"]/g, '\\$&').replaceAll('&', '&amp;')
}
