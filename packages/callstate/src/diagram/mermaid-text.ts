/** A quoted label of Mermaid that shows these lines, whatever stands in them. */
export function mermaidText(...lines: readonly string[]): string {
  return `"${lines.map(escaped).join('<br/>')}"`
}

/** A name that Mermaid takes as an identifier: it has its own reading of hyphens. */
export function mermaidId(name: string): string {
  return name.replaceAll('-', '_')
}

// Mermaid shows `#65;` as the character with that number; letters and digits of any script are safe.
function escaped(line: string): string {
  return line.replace(/[^\p{L}\p{N} +.,:_-]/gu, (char) => `#${char.codePointAt(0)};`)
}
