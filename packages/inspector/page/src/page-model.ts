import { batch, type ReadonlySignal, signal } from '@preact/signals'
import { createFeed, type Feed } from './feed.ts'
import { createCallOpener, type OpenCall } from './open-call.ts'
import { parseRoute, type Route, routeHash } from './route.ts'
import { type Connection, openStream } from './stream.ts'

/** Everything that the page shows, and what can be done about it. */
export interface PageModel extends Omit<Feed, 'listener' | 'show' | 'tick'> {
  readonly connection: ReadonlySignal<Connection>
  readonly route: ReadonlySignal<Route>
  readonly openCall: ReadonlySignal<OpenCall | null>
  /** Changes a part of what is shown. `replace` leaves no entry in the browser's history. */
  go(change: Partial<Route>, how?: 'push' | 'replace'): void
  /** Tries to reach the server at once. */
  tryNow(): void
}

const TICK_MS = 1000

/** Connects the page to its server and its address. To be called once, when the page starts. */
export function createPageModel(): PageModel {
  const connection = signal<Connection>({ kind: 'connecting' })
  const route = signal(parseRoute(location.hash))
  const opener = createCallOpener()
  const feed = createFeed(route, {
    opened: (isSameRun) => (isSameRun ? opener.refresh() : opener.open(route.value.call)),
    heard(rows) {
      const key = route.value.call
      if (key !== null && rows.some((row) => row.key === key)) opener.refresh()
    },
  })
  const { listener } = feed
  const stream = openStream(
    {
      hello: (data) => batch(() => listener.hello(data)),
      rows: (data) => batch(() => listener.rows(data)),
      update: (data) => batch(() => listener.update(data)),
    },
    (state) => {
      connection.value = state
    },
  )

  const takeRoute = (next: Route) => {
    const before = route.value
    route.value = next
    if (next.filter !== before.filter || next.order !== before.order) feed.show()
    if (next.call !== before.call) opener.open(next.call)
  }
  window.addEventListener('popstate', () => {
    if (location.hash !== routeHash(route.value)) batch(() => takeRoute(parseRoute(location.hash)))
  })
  setInterval(() => batch(feed.tick), TICK_MS)
  feed.show()
  opener.open(route.value.call)

  return {
    ...feed,
    connection,
    route,
    openCall: opener.openCall,
    go(change, how = 'push') {
      const next = { ...route.value, ...change }
      if (how === 'push') history.pushState(null, '', routeHash(next))
      else history.replaceState(null, '', routeHash(next))
      batch(() => takeRoute(next))
    },
    tryNow: stream.tryNow,
  }
}
