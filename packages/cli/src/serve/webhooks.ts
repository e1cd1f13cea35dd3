import {
  createWebhookHandler,
  isTrackerError,
  recordDeliveries,
  redactFields,
  type Tracker,
  type WebhookHandler,
} from '@callstate/tracker'
import { type FileSink, fileSink } from '@callstate/tracker/recorder'
import { printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { listOf, type ServedProvider } from './served-providers.ts'

/** How webhooks are taken in, as it was typed. */
export interface WebhooksOptions {
  readonly trustProxy?: string
  /** Where providers reach this server. */
  readonly publicUrl?: string
  /** The file to which deliveries are written. */
  readonly record?: string
}

/** Takes webhooks in, and closes what they are written to. */
export interface Webhooks {
  readonly handler: WebhookHandler
  close(): void
}

/**
 * What takes the webhooks of these providers in. Throws a `TrackerError` for proofs that cannot work,
 * and a `UsageError` for a file that cannot be written.
 */
export function createWebhooks(
  tracker: Tracker,
  served: readonly ServedProvider[],
  { trustProxy, publicUrl, record }: WebhooksOptions,
  redactedFields: readonly string[],
): Webhooks {
  const { metrics, logger, now } = tracker
  const target = {
    // The tracker knows further providers, of calls that are there already.
    providers: served.map(({ provider }) => provider),
    ingest: tracker.ingest,
    metrics,
    logger,
    now,
  }
  const handler = createWebhookHandler(target, {
    origins: Object.fromEntries(served.map(({ provider, origin }) => [provider.name, origin])),
    trustedProxies: trustProxy === undefined ? [] : listOf(trustProxy),
    ...(publicUrl !== undefined && { publicUrl }),
  })
  if (record === undefined) return { handler, close() {} }
  const sink = openRecording(record)
  const redact = redactedFields.length > 0 && { redact: redactFields(redactedFields) }
  return { handler: recordDeliveries(handler, sink, { ...redact }), close: () => sink.close() }
}

function openRecording(path: string): FileSink {
  try {
    return fileSink(path)
  } catch (error) {
    if (!isTrackerError(error)) throw error
    throw new UsageError(`the file "${printable(path)}" of --record cannot be opened to write.`)
  }
}
