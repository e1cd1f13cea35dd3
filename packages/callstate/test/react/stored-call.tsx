import { useActorRef, useSelector } from '@xstate/react'
import type { Call } from 'callstate'
import { callMachine, snapshotAt, snapshotOf } from 'callstate/machine'
import { useEffect, useState } from 'react'

export function StoredCall({ call }: { call: Call }) {
  const actor = useActorRef(callMachine, { snapshot: snapshotOf(call) ?? snapshotAt('queued') })
  const status = useSelector(actor, (snapshot) => snapshot.value)
  const canCancel = useSelector(actor, (snapshot) => snapshot.can({ type: 'canceled' }))
  const [refused, setRefused] = useState('')

  useEffect(() => {
    const heard = actor.on('rejected', ({ to, reason }) => setRefused(`${to}: ${reason}`))
    return () => heard.unsubscribe()
  }, [actor])

  return (
    <div>
      <output>{status}</output>
      <button
        type="button"
        disabled={!canCancel}
        onClick={() => actor.send({ type: 'canceled', occurredAt: Date.now() })}
      >
        Cancel
      </button>
      <p>{refused}</p>
    </div>
  )
}
