import { createInspectorHandler, type InspectorHandler, trackerSource } from '@callstate/inspector'
import type { Tracker } from '@callstate/tracker'
import type { Provider } from 'callstate/providers'

/** Where the page of the inspector is. */
export const INSPECTOR_PATH = '/inspector'

/** The page over a tracker's calls, which holds none of them before it is first asked for. */
export interface LazyInspector {
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
}

/** What the page shows, and to whom. */
export interface LazyInspectorOptions {
  /** For the head of the page. */
  readonly name: string
  readonly providers: readonly Provider[]
  /** What readers must show; null where the server listens on loopback only. */
  readonly token: string | null
}

/**
 * An inspector that is made when somebody first looks: a server that nobody watches pays nothing for it.
 * Where the calls cannot be read then, one request is told so, and the next one tries again.
 */
export function createLazyInspector(
  tracker: Tracker,
  { name, providers, token }: LazyInspectorOptions,
): LazyInspector {
  let current: { readonly handler: InspectorHandler; hasFailed: boolean } | null = null

  function open() {
    const source = trackerSource(tracker, { name, providers })
    const handler = createInspectorHandler({ source, token, prefix: INSPECTOR_PATH })
    const opened = { handler, hasFailed: false }
    handler.ready.catch(() => {
      opened.hasFailed = true
    })
    return opened
  }

  return {
    async fetch(request) {
      current ??= open()
      const { handler, hasFailed } = current
      if (hasFailed) current = null
      const response = await handler.fetch(request)
      if (hasFailed) await handler.close()
      return response
    },
    async close() {
      await current?.handler.close()
    },
  }
}
