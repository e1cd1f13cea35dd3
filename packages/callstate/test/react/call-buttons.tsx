import { useMachine } from '@xstate/react'
import { callMachine } from 'callstate/machine'

const BUTTONS = [
  { status: 'initiated', label: 'Dial' },
  { status: 'in-progress', label: 'Answered' },
  { status: 'busy', label: 'Busy' },
  { status: 'call-disconnected', label: 'Hung up' },
  { status: 'canceled', label: 'Cancel' },
] as const

export function CallButtons() {
  const [snapshot, send] = useMachine(callMachine)
  return (
    <div>
      <output>{snapshot.value}</output>
      {BUTTONS.map(({ status, label }) => (
        <button
          key={status}
          type="button"
          disabled={!snapshot.can({ type: status })}
          onClick={() => send({ type: status })}
        >
          {label}
        </button>
      ))}
    </div>
  )
}
