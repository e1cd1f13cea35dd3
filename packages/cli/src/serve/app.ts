import { createWebhookHandler, isTrackerError, type Tracker } from '@callstate/tracker'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import type { ServedProvider } from './proof.ts'
import { addReadApi, answerError, fail, READ_ROUTES, type ReadApiOptions } from './read-api.ts'

/** Where a provider's webhooks go. Pure. */
export function webhookPath({ provider }: ServedProvider): string {
  return `/webhooks/${provider.name}`
}

/** The server's routes: webhooks in, calls out. Throws a `TrackerError` for proofs that cannot work. */
export function createApp(
  served: readonly ServedProvider[],
  { tracker, token }: ReadApiOptions,
): Hono {
  const app = new Hono()
  const webhooks = served.map((one) => `POST ${webhookPath(one)}`)
  app.get('/', (context) => context.json({ name: 'callstate', webhooks, read: READ_ROUTES }))
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
