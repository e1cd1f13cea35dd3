import { type Call, isTerminal, merge, type TerminalStatus } from 'callstate'
import { attemptsOf } from 'callstate/internal'

/** The end of an attempt that counts, and whether its line is known to have been up. */
export interface AttemptEnd {
  readonly end: TerminalStatus | null
  readonly wasUp: boolean
}

/** Of an attempt that goes on. */
export const NO_END: AttemptEnd = { end: null, wasUp: false }

/** By attempt: how it ended. Pure. */
export function endsOf(call: Call): ReadonlyMap<number, AttemptEnd> {
  return new Map(
    attemptsOf(call).map((record) => {
      // What an attempt has come to is read off it as if it were the only one.
      const { status } = merge(ONLY, { ...ONLY, heard: [record] })
      const end = status !== null && isTerminal(status) ? status : null
      const wasUp = record.seen.some((one) => UP.has(one.status))
      return [record.attempt, { end, wasUp }]
    }),
  )
}

const ONLY: Call = { status: null, attempt: 1, heard: [], unrecognized: [] }

const UP: ReadonlySet<string> = new Set(['in-progress', 'call-disconnected'])
