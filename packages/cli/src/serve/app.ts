import { isTrackerError, type Tracker, type WebhookHandler } from '@callstate/tracker'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { INSPECTOR_PATH, type LazyInspector } from './lazy-inspector.ts'
import { addReadApi, answerError, fail, READ_ROUTES, type ReadApiOptions } from './read-api.ts'
import type { ServedProvider } from './served-providers.ts'

/** Where a provider's webhooks go. Pure. */
export function webhookPath({ provider }: Pick<ServedProvider, 'provider'>): string {
  return `/webhooks/${provider.name}`
}

/** What the server's routes need. */
export interface AppOptions extends ReadApiOptions {
  readonly served: readonly ServedProvider[]
  /** Takes the webhooks of those that are served. */
  readonly handler: WebhookHandler
  readonly inspector: LazyInspector
}

/** The server's routes: webhooks in, calls out. */
export function createApp({ served, handler, tracker, token, inspector }: AppOptions): Hono {
  const app = new Hono()
  const webhooks = served.map(
    (one) => `${one.provider.receives.methods.join('|')} ${webhookPath(one)}`,
  )
  app.get('/', (context) =>
    context.json({ name: 'callstate', webhooks, page: `${INSPECTOR_PATH}/`, read: READ_ROUTES }),
  )
  app.get('/health', async (context) => {
    const isWell = await answers(tracker)
    return isWell
      ? context.json({ status: 'ok' })
      : fail(context, 503, 'The database does not answer.')
  })
  for (const one of served) {
    app.all(webhookPath(one), (context) =>
      handler(context.req.raw, { remoteAddress: getConnInfo(context).remote.address }),
    )
  }
  // It has its own check of who asks: a browser shows no header.
  for (const path of [INSPECTOR_PATH, `${INSPECTOR_PATH}/*`]) {
    app.all(path, (context) => inspector.fetch(context.req.raw))
  }
  addReadApi(app, { tracker, token })
  app.notFound((context) => fail(context, 404, 'There is nothing here. GET / says what there is.'))
  app.onError((error, context) => {
    const answer = answerError(error, context)
    if (answer?.status === 400) return answer
    const code = isTrackerError(error) ? error.code : error.name
    tracker.logger.error({ error: code }, 'A request could not be answered.')
    return answer ?? fail(context, 500, 'Something went wrong here. The log says more.')
  })
  return app
}

async function answers(tracker: Tracker): Promise<boolean> {
  try {
    await tracker.list({ limit: 1 })
    return true
  } catch {
    return false
  }
}
