/** One import of one of our files by another. Paths are relative to the repository's folder. */
export interface Arrow {
  readonly from: string
  readonly to: string
  /** Of the import in `from`, counted from 1. */
  readonly line: number
}

/** One import as a person looks it up: `from.ts:12 → to.ts`. */
export function arrowText({ from, to, line }: Arrow): string {
  return `${from}:${line} → ${to}`
}
