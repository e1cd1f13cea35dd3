import { writeEnvelope } from 'callstate/internal'
import { decodeDelivery } from 'callstate/providers'
import { TrackerError } from '../error.ts'
import { errorName } from '../error-name.ts'
import { secretHeadersOf } from './origins.ts'
import { handlerOf, type ProvenDelivery, servingOf, type WebhookHandler } from './serving.ts'

/** Where recorded deliveries go, such as a `fileSink`. */
export interface DeliverySink {
  /**
   * Writes one delivery: one line of JSON, without an end of line. The lines come in the order in which the
   * deliveries were taken in, each without waiting for the one before.
   */
  write(line: string): void | Promise<void>
}

/** How deliveries are recorded. */
export interface RecordOptions {
  /**
   * What is recorded of a body: gets the decoded body and gives an object or a list; anything else
   * records nothing of that delivery. It must not change what it gets. With it, bodies are no longer what
   * came: signatures over them cannot be checked again, and the query of the address is left out.
   */
  readonly redact?: (body: unknown) => unknown
}

/**
 * The handler, except that it records every delivery whose origin is proven: what was stored, what was
 * stored before, what is not kept, and what is no event of a call, each as an envelope, one line of the log that
 * `callstate check`, `inspect` and `report` read. Headers that hold secrets are not written. A sink that
 * fails changes no answer: that is said in the log, once until it works again.
 *
 * Throws a `TrackerError` with code `invalid-option` for a handler that `createWebhookHandler` did not
 * make.
 *
 * @example
 * const handler = createWebhookHandler(tracker, { origins })
 * const recorded = recordDeliveries(handler, fileSink('deliveries.ndjson'))
 */
export function recordDeliveries(
  handler: WebhookHandler,
  sink: DeliverySink,
  { redact }: RecordOptions = {},
): WebhookHandler {
  const serving = servingOf(handler)
  if (serving === undefined) {
    throw new TrackerError(
      'invalid-option',
      'Expected a handler that createWebhookHandler made; got another function. Wrap what recordDeliveries gives, not what it takes.',
    )
  }
  const { logger } = serving
  let isFailing = false
  const failed = (error: unknown) => {
    if (!isFailing) {
      logger.error({ error: errorName(error) }, 'Deliveries could not be recorded.')
    }
    isFailing = true
  }

  async function record(proven: ProvenDelivery): Promise<void> {
    try {
      const envelope = await envelopeOf(proven, redact)
      if (envelope === null) return
      const writing = sink.write(JSON.stringify(envelope))
      // Not waited for: a slow sink must not make the provider repeat.
      void Promise.resolve(writing).then(() => {
        isFailing = false
      }, failed)
    } catch (error) {
      failed(error)
    }
  }

  return handlerOf({
    logger,
    serve: (request, connection, onProven) =>
      serving.serve(request, connection, async (proven) => {
        await onProven(proven)
        await record(proven)
      }),
  })
}

/** What is written of a delivery; null where nothing may be. */
async function envelopeOf(
  { delivery, entrance }: ProvenDelivery,
  redact: RecordOptions['redact'],
): Promise<object | null> {
  const { provider } = entrance
  const options = { provider: provider.name, redactHeaders: secretHeadersOf(entrance) }
  if (redact === undefined) return writeEnvelope(delivery, options)
  const decoding = await decodeDelivery(provider.receives, delivery)
  const kept = decoding.ok ? redact(decoding.body) : null
  if (typeof kept !== 'object' || kept === null) return null
  const [url = ''] = delivery.url.split(/[?#]/, 1)
  const headers = Object.fromEntries(
    Object.entries(delivery.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  )
  return writeEnvelope({ ...delivery, url, headers, rawBody: null, decoded: kept }, options)
}
