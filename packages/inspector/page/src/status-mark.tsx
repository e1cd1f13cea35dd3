import { type CallStatus, LIFECYCLE } from 'callstate'

/**
 * A small shape before a status, so that it can be told without colour: rings fill up as the call goes
 * on, squares are ends, filled for the successful one, crossed for the unsuccessful ones.
 */
export function StatusMark({ status }: { status: CallStatus | null }) {
  return (
    <svg
      class={`mark ${kindOf(status)}`}
      viewBox="0 0 12 12"
      width="12"
      height="12"
      aria-hidden="true"
    >
      <path d={SHAPES[kindOf(status)]} />
    </svg>
  )
}

type Kind =
  | 'waiting'
  | 'dialing'
  | 'connected'
  | 'wrapping-up'
  | 'successful'
  | 'unanswered'
  | 'unsuccessful'
  | 'unrecognized'

function kindOf(status: CallStatus | null): Kind {
  if (status === null) return 'unrecognized'
  const { phase, group } = LIFECYCLE[status]
  return phase === 'ended' ? group : phase
}

const RING = 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1zm0 1.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2z'
const FRAME = 'M1.2 1.2h9.6v9.6H1.2zM2.6 2.6v6.8h6.8V2.6z'

// Holes are drawn the other way round than outlines; `fill-rule` is evenodd.
const SHAPES: Readonly<Record<Kind, string>> = {
  waiting: RING,
  dialing: `${RING}M6 3.4a2.6 2.6 0 0 1 0 5.2z`,
  connected: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1z',
  'wrapping-up': `${RING}M6 4.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z`,
  successful: 'M1.2 1.2h9.6v9.6H1.2z',
  unanswered: FRAME,
  unsuccessful: `${FRAME}M3.2 4.1l.9-.9L6 5.1l1.9-1.9.9.9L6.9 6l1.9 1.9-.9.9L6 6.9 4.1 8.8l-.9-.9L5.1 6z`,
  unrecognized: 'M6 .8 11.2 6 6 11.2.8 6zM6 2.7 2.7 6 6 9.3 9.3 6z',
}
