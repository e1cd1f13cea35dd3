import { createWebhookHandler, isTrackerError, type Tracker } from '@callstate/tracker'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { INSPECTOR_PATH, type LazyInspector } from './lazy-inspector.ts'
import type { ServedProvider } from './proof.ts'
import { addReadApi, answerError, fail, READ_ROUTES, type ReadApiOptions } from './read-api.ts'

/** Where a provider's webhooks go. Pure. */
export function webhookPath({ provider }: ServedProvider): string {
  return `/webhooks/${provider.name}`
}

/** What the server's routes need. */
export interface AppOptions extends ReadApiOptions {
  readonly inspector: LazyInspector
}

/** The server's routes: webhooks in, calls out. Throws a `TrackerError` for proofs that cannot work. */
export function createApp(
  served: readonly ServedProvider[],
  { tracker, token, inspector }: AppOptions,
): Hono {
  const app = new Hono()
  const webhooks = served.map((one) => `POST ${webhookPath(one)}`)
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
    const handle = createWebhookHandler(tracker, one.webhook)
    app.all(webhookPath(one), (context) =>
      handle(context.req.raw, { remoteAddress: getConnInfo(context).remote.address }),
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
