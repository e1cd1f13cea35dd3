import { createInspectorHandler, type InspectorHandler, trackerSource } from '@callstate/inspector'
import type { Tracker } from '@callstate/tracker'
import { KNOWN_PROVIDERS } from '../check/known-providers.ts'

/** Where the page of the inspector is. */
export const INSPECTOR_PATH = '/inspector'

/** The page over a tracker's calls, which holds none of them before it is first asked for. */
export interface LazyInspector {
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
}

/** An inspector that is made when somebody first looks: a server that nobody watches pays nothing for it. */
export function createLazyInspector(
  tracker: Tracker,
  { name, token }: { readonly name: string; readonly token: string | null },
): LazyInspector {
  let handler: InspectorHandler | null = null
  return {
    fetch(request) {
      handler ??= createInspectorHandler({
        source: trackerSource(tracker, { name, providers: KNOWN_PROVIDERS }),
        token,
        prefix: INSPECTOR_PATH,
      })
      return handler.fetch(request)
    },
    async close() {
      await handler?.close()
    },
  }
}
