import { readFileSync } from 'node:fs'

/** The beginning or the end of handling a change. */
export type Handling = readonly [
  moment: 'begin' | 'end',
  writer: number,
  callId: string,
  sequence: number,
]

/** What all processes have written down, in the order in which they did. */
export function readHandlings(path: string): readonly Handling[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}
