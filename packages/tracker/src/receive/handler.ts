import type { Provider } from 'callstate/providers'
import type { IngestInput, IngestResult } from '../intake/ingest.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import { refuse, responseOf } from './answer.ts'
import { readBody } from './body.ts'
import { refusalOfArrival } from './check-head.ts'
import { beforeDeadline } from './deadline.ts'
import { arrivalOf, isRequest } from './delivery-head.ts'
import { settingsOf, type WebhookOptions, type WebhookSettings } from './options.ts'
import { type Answered, createReport } from './report.ts'
import { routeOf } from './route.ts'
import { type Connection, handlerOf, type OnProven, type WebhookHandler } from './serving.ts'
import { takeDelivery } from './take-delivery.ts'

/** What a webhook handler needs of a tracker; every tracker has it. */
export interface WebhookTarget {
  /** Takes in one message, and resolves when it is durable. */
  ingest(input: IngestInput): Promise<IngestResult>
  readonly providers: readonly Provider[]
  readonly metrics: Pick<Metrics, 'webhook'>
  readonly logger: Logger
  /** Our clock, in ms since 1970. */
  now(): number
}

/**
 * Makes a handler that takes providers' webhooks in: it checks where a delivery comes from, stores it,
 * and answers. Nothing is parsed or stored before its origin is proven; what can be refused by its head
 * is refused before its body is read.
 *
 * - 200, or what the provider wants back: stored, or stored before, or of a kind that is not kept.
 * - 400, 401, 403, 404, 405, 413, 415: refused; to repeat the same would not help.
 * - 501: stored, but its answer steers the call and there is no option `answer`.
 * - 503: not stored, or not in time; the provider should repeat it.
 *
 * Throws a `TrackerError` for options that cannot work: `unknown-provider`, and `invalid-option` for a
 * provider without a proof of origin that was not given `false`. Takes and gives Fetch API objects; on
 * Workers the package needs `nodejs_compat`, for digests.
 *
 * @example
 * const handler = createWebhookHandler(tracker, {
 *   origins: { bolna: { secret: { header: 'x-webhook-secret', value: process.env.WEBHOOK_SECRET ?? '' } } },
 * })
 * app.all('/webhooks/:provider', (c) =>
 *   handler(c.req.raw, { remoteAddress: getConnInfo(c).remote.address }),
 * )
 */
export function createWebhookHandler(
  tracker: WebhookTarget,
  options: WebhookOptions,
): WebhookHandler {
  const settings = settingsOf(options, tracker.providers)
  const report = createReport(tracker)
  return handlerOf({
    logger: tracker.logger,
    async serve(request, connection, onProven) {
      let answered: Answered
      try {
        answered = await answeredTo(request, connection, { tracker, settings, onProven })
      } catch (error) {
        answered = { answer: refuse('failed'), error }
      }
      let response: Response
      try {
        response = responseOf(answered.answer)
      } catch (error) {
        // What a provider wants back may be no answer at all.
        answered = { ...answered, answer: refuse('failed'), error }
        response = responseOf(answered.answer)
      }
      report(answered)
      return response
    },
  })
}

interface Serve {
  readonly tracker: WebhookTarget
  readonly settings: WebhookSettings
  readonly onProven: OnProven
}

/** What is cheap goes first, what needs the body last. */
async function answeredTo(
  request: Request,
  connection: Connection | undefined,
  { tracker, settings, onProven }: Serve,
): Promise<Answered> {
  if (!isRequest(request)) return { answer: refuse('not-a-request') }
  const { only, entrances } = settings
  const route = only ? ({ ok: true, entrance: only } as const) : routeOf(request.url, entrances)
  if (!route.ok) return { answer: refuse(route.reason) }
  const { entrance } = route
  const provider = entrance.provider.name
  try {
    const arrival = arrivalOf(request, connection, settings, tracker.now())
    const refused = await refusalOfArrival(entrance, arrival, settings)
    if (refused !== null) return { ...refused, provider }
    const body = await readBody(request, settings)
    if (!body.ok) return { answer: refuse(body.reason), provider }
    const delivery = { ...arrival.head, rawBody: body.bytes }
    const { answer } = settings
    const taken = takeDelivery(delivery, entrance, { tracker, answer, onProven })
    const late = { answer: refuse('slow') }
    const { answerTimeoutMs, startTimer } = settings
    return { ...(await beforeDeadline(taken, late, answerTimeoutMs, startTimer)), provider }
  } catch (error) {
    return { answer: refuse('failed'), error, provider }
  }
}
