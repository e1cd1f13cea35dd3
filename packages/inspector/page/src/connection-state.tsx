import { useEffect, useState } from 'preact/hooks'
import { usePageModel } from './page-context.ts'

/** How the page stands with the server: a shape, a word, and a countdown while it waits. */
export function ConnectionState() {
  const { connection, hello, isComplete, tryNow } = usePageModel()
  const state = connection.value
  const waitS = useCountdown(state.kind === 'disconnected' ? state.retryAt : null)
  return (
    <div class={`connection ${state.kind}`}>
      <span class="lamp" aria-hidden="true" />
      <span>
        {stateText(state.kind, hello.value !== null, isComplete.value)}
        {waitS === null ? null : <span class="quiet"> Next try in {waitS} s.</span>}
      </span>
      {state.kind === 'disconnected' ? (
        <>
          <button type="button" onClick={tryNow}>
            Try now
          </button>
          {state.refusal === null ? null : <p class="refusal">The server said: {state.refusal}</p>}
        </>
      ) : null}
      <span class="unseen" role="status">
        {announcement(state.kind, hello.value !== null)}
      </span>
    </div>
  )
}

type Kind = 'connecting' | 'connected' | 'disconnected'

function stateText(kind: Kind, wasConnected: boolean, isComplete: boolean): string {
  switch (kind) {
    case 'connecting':
      return wasConnected ? 'Reconnecting …' : 'Connecting …'
    case 'connected':
      return isComplete ? 'Connected' : 'Connected, loading calls …'
    case 'disconnected':
      return wasConnected ? 'Disconnected.' : 'Not connected.'
    default:
      return kind satisfies never
  }
}

// Tries that fail again are not announced: the state has not changed.
function announcement(kind: Kind, wasConnected: boolean): string {
  if (kind === 'connected') return 'Connected to the server.'
  return wasConnected ? 'Disconnected from the server. Trying again by itself.' : ''
}

/** Whole seconds until `at` on the page's own steady clock; null for no time. */
function useCountdown(at: number | null): number | null {
  const [now, setNow] = useState(performance.now())
  useEffect(() => {
    if (at === null) return undefined
    setNow(performance.now())
    const timer = setInterval(() => setNow(performance.now()), 250)
    return () => clearInterval(timer)
  }, [at])
  return at === null ? null : Math.max(0, Math.ceil((at - now) / 1000))
}
