import { useEffect, useRef, useState } from 'preact/hooks'
import { countText, numberText } from './call-words.ts'
import { ConnectionState } from './connection-state.tsx'
import { usePageModel } from './page-context.ts'

/** Where the calls come from, how the page stands with the server, totals, and the search. */
export function Head() {
  const { hello, counts, overdue } = usePageModel()
  const { calls, settled, findings, events, eventsPerSecond } = counts.value
  const source = hello.value?.source
  return (
    <header class="head">
      <div class="source">
        <h1>{source?.name ?? 'callstate inspector'}</h1>
        <ConnectionState />
      </div>
      <dl class="totals" aria-label="Totals">
        <Total name="calls" count={calls} />
        <Total name="settled" count={settled} />
        <Total name="findings" count={findings} />
        <Total name="overdue" count={overdue.value} />
        <Total name="events" count={events} />
        <Total name="events/s" count={Math.round(eventsPerSecond)} />
      </dl>
      <Search />
    </header>
  )
}

function Total({ name, count }: { name: string; count: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{numberText(count)}</dd>
    </div>
  )
}

function Search() {
  const { route, go } = usePageModel()
  const input = useRef<HTMLInputElement>(null)
  const { filter } = route.value
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
        return
      event.preventDefault()
      input.current?.focus()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [])
  const found = useFoundText(filter.query)
  const search = (query: string) => go({ filter: { ...filter, query } }, 'replace')
  return (
    <search class="search">
      <label class="unseen" for="search">
        Search calls by id or provider
      </label>
      <input
        id="search"
        ref={input}
        type="search"
        placeholder="Search id or provider  ( / )"
        autocomplete="off"
        spellcheck={false}
        value={filter.query}
        onInput={(event) => search(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') search('')
          if (event.key === 'Enter') document.getElementById('calls')?.focus()
        }}
      />
      <span class="unseen" role="status">
        {found}
      </span>
    </search>
  )
}

const TYPING_MS = 600

/** What a screen reader hears when the typing stops; not again as the number of calls changes. */
function useFoundText(query: string): string {
  const { shown } = usePageModel()
  const [text, setText] = useState('')
  useEffect(() => {
    if (query === '') {
      setText('')
      return undefined
    }
    const timer = setTimeout(() => {
      setText(`${countText(shown.peek().length, 'call', 'calls')} found`)
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [query])
  return text
}
