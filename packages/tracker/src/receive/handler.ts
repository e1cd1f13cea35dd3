import type { Provider } from 'callstate/providers'
import { isTrackerError } from '../error.ts'
import type { IngestInput, IngestResult } from '../intake/ingest.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import { type Answer, answerOf, type Refusal, refuse, responseOf } from './answer.ts'
import { readBody, refusalOfBody } from './body.ts'
import { beforeDeadline } from './deadline.ts'
import { settingsOf, type WebhookOptions, type WebhookSettings } from './options.ts'
import { isInRanges, sourceAddress } from './source-address.ts'

/** What a webhook handler needs of a tracker; every tracker has it. */
export interface WebhookTarget {
  /** Takes in one message, and resolves when it is durable. */
  ingest(input: IngestInput): Promise<IngestResult>
  provider(name: string): Provider | undefined
  readonly metrics: Pick<Metrics, 'webhook'>
  readonly logger: Logger
  /** Our clock, in ms since 1970. */
  now(): number
}

/**
 * What a `Request` does not say of its connection. Where to find the other side's address:
 *
 * - Hono: `{ remoteAddress: getConnInfo(c).remote.address }`
 * - Node and Express: `{ remoteAddress: req.socket.remoteAddress }`
 * - Workers: `{ remoteAddress: request.headers.get('cf-connecting-ip') ?? undefined }`, behind
 *   Cloudflare only: elsewhere anybody can send that header.
 *
 * Hand in the address of the connection itself, not one that a framework has read from a header:
 * `trustedProxies` says which headers to believe.
 */
export interface Connection {
  readonly remoteAddress?: string | undefined
}

/** Answers one webhook delivery. Never rejects. */
export type WebhookHandler = (request: Request, connection?: Connection) => Promise<Response>

/**
 * Makes a handler that takes a provider's webhooks in: it checks where a delivery comes from, stores
 * it, and answers. Nothing is parsed or stored before its origin is proven.
 *
 * - 200: stored, or stored before.
 * - 400, 401, 403, 405, 413, 415: refused; to repeat the same would not help.
 * - 503: not stored, or not in time; the provider should repeat it.
 *
 * Throws a `TrackerError` for options that cannot work: `unknown-provider`, `invalid-option`. Takes and
 * gives Fetch API objects; on Workers the package needs `nodejs_compat`, for digests.
 *
 * @example
 * const handler = createWebhookHandler(tracker, {
 *   provider: 'bolna',
 *   secret: { header: 'x-webhook-secret', value: process.env.WEBHOOK_SECRET ?? '' },
 * })
 * app.post('/webhooks/bolna', (c) =>
 *   handler(c.req.raw, { remoteAddress: getConnInfo(c).remote.address }),
 * )
 */
export function createWebhookHandler(
  tracker: WebhookTarget,
  options: WebhookOptions,
): WebhookHandler {
  const settings = settingsOf(options, (name) => tracker.provider(name))
  return async (request, connection) => {
    let answer: Answer
    let error: unknown
    try {
      answer = await answerTo(request, connection, tracker, settings)
    } catch (thrown) {
      answer = refuse('failed')
      error = thrown
    }
    try {
      report(tracker, settings.provider.name, answer, error)
    } catch {
      // The delivery is stored or refused by now; a logger that fails must not undo the answer.
    }
    return responseOf(answer)
  }
}

/** What is cheap goes first, what needs the body last. */
async function answerTo(
  request: Request,
  connection: Connection | undefined,
  tracker: WebhookTarget,
  settings: WebhookSettings,
): Promise<Answer> {
  const { headers } = request
  if (request.method !== 'POST') return refuse('method')
  const refusal =
    refusalOfBody(headers, settings.maxBodyBytes) ??
    refusalOfBrowser(headers, settings) ??
    refusalOfAddress(headers, connection, settings) ??
    (await refusalOfSecret(headers, settings))
  if (refusal !== null) return refuse(refusal)

  const body = await readBody(request, settings)
  if (!body.ok) return refuse(body.reason)
  const taken = takeIn(body.bytes, headers, tracker, settings)
  return beforeDeadline(taken, refuse('slow'), settings.answerTimeoutMs, settings.startTimer)
}

function refusalOfBrowser(
  headers: Headers,
  { addresses, secret, signingSecrets }: WebhookSettings,
): Refusal | null {
  const isProven = addresses !== null || secret !== null || signingSecrets !== null
  return isProven || !headers.has('origin') ? null : 'browser'
}

function refusalOfAddress(
  headers: Headers,
  connection: Connection | undefined,
  { addresses, trustedProxies }: WebhookSettings,
): Refusal | null {
  if (addresses === null) return null
  // Some frameworks hand a context of their own in as second argument.
  const remoteAddress: unknown = connection?.remoteAddress
  if (typeof remoteAddress !== 'string') return 'unknown-address'
  const source = sourceAddress(remoteAddress, headers.get('x-forwarded-for'), trustedProxies)
  if (source === null) return 'unknown-address'
  return isInRanges(source, addresses) ? null : 'other-address'
}

async function refusalOfSecret(
  headers: Headers,
  { secret }: WebhookSettings,
): Promise<Refusal | null> {
  if (secret === null) return null
  const given = headers.get(secret.header)
  if (given === null) return 'missing-secret'
  return (await secret.check(given)) ? null : 'wrong-secret'
}

async function takeIn(
  rawBody: Uint8Array,
  headers: Headers,
  tracker: WebhookTarget,
  { provider, signingSecrets }: WebhookSettings,
): Promise<Answer> {
  const receivedAt = tracker.now()
  if (signingSecrets !== null) {
    const delivery = { rawBody, headers: Object.fromEntries(headers) }
    const checks = signingSecrets.map((secret) => provider.verify?.({ ...delivery, secret }))
    if (!(await Promise.all(checks)).includes(true)) return refuse('wrong-signature')
  }
  return answerOf(await tracker.ingest({ provider: provider.name, rawBody, receivedAt }))
}

function report(
  { metrics, logger }: WebhookTarget,
  provider: string,
  { status, reason }: Answer,
  error: unknown,
): void {
  metrics.webhook(provider, status)
  // Not the error itself: it may quote what was to be stored.
  const code = isTrackerError(error) ? { code: error.code } : {}
  const fields = { provider, status, reason, ...code }
  if (status === 200) logger.debug(fields, 'A webhook was taken in.')
  else if (status === 503) logger.error(fields, 'A webhook could not be stored.')
  else logger.warn(fields, 'A webhook was refused.')
}
