/**
 * The legal moves as the specification has them, written by hand a second time: what is checked against
 * this shares no table with it.
 */
const MOVES = `
  scheduled: queued rescheduled initiated + canceled stopped balance-low failed error
  prepared: queued + canceled stopped balance-low failed error
  queued: rescheduled initiated + canceled stopped balance-low failed error
  rescheduled: queued scheduled initiated + canceled stopped balance-low failed error
  initiated: ringing in-progress + busy no-answer canceled failed stopped error
  ringing: in-progress + busy no-answer canceled failed stopped error
  in-progress: call-disconnected + failed stopped error
  call-disconnected: completed + error
`

/** The ends, of which nothing leads on. */
const ENDS = 'completed balance-low busy no-answer canceled failed stopped error'

/** By status: what may follow in one move. */
export const LEGAL: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...MOVES.trim()
    .split('\n')
    .map((line) => line.trim().split(': '))
    .map(([from = '', to = '']) => [from, new Set(to.replace('+ ', '').split(' '))] as const),
  ...ENDS.split(' ').map((end) => [end, new Set<string>()] as const),
])
