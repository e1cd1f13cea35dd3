import { useEffect } from 'preact/hooks'
import { CallPane } from './call-pane.tsx'
import { CallsPane } from './calls-pane.tsx'
import { Chart } from './chart.tsx'
import { Head } from './head.tsx'
import { Overview } from './overview.tsx'
import { usePageModel } from './page-context.ts'

/** The whole page: calls on the left, the machine and one call on the right, stacked where it is narrow. */
export function Page() {
  const { route, hello } = usePageModel()
  const { call } = route.value
  const name = hello.value?.source.name
  useEffect(() => {
    document.title = name === undefined ? 'callstate inspector' : `${name} · callstate inspector`
  }, [name])
  return (
    <>
      {/* No links: the address says what the page shows. */}
      <button type="button" class="skip" onClick={() => focusOn('calls')}>
        Skip to the calls
      </button>
      <button type="button" class="skip" onClick={() => focusOn('call')}>
        {call === null ? 'Skip to the overview' : 'Skip to the open call'}
      </button>
      <Head />
      <main class={call === null ? 'panes' : 'panes with-call'}>
        <CallsPane />
        <div class="stage">
          <Chart />
          {call === null ? <Overview /> : <CallPane key={call} callKey={call} />}
        </div>
      </main>
    </>
  )
}

function focusOn(id: string): void {
  document.getElementById(id)?.focus()
}
