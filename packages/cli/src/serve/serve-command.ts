import { basename } from 'node:path'
import { type Fetcher, isTrackerError, type Logger, type Tracker } from '@callstate/tracker'
import type { DatabaseOptions } from '../calls/database-options.ts'
import { openTracker } from '../calls/open-tracker.ts'
import { loadServiceOptions } from '../calls/service-options.ts'
import { untilStopSignal } from '../command/stop-signal.ts'
import { printable, type Terminal, write } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import { chooseProviders } from '../providers/choose-providers.ts'
import { tokenOf } from '../server/access.ts'
import { createLog, type LogFormat } from '../server/log.ts'
import { startServer } from '../server/running-server.ts'
import { createApp, webhookPath } from './app.ts'
import { fetchersOf } from './fetchers.ts'
import { createLazyInspector, INSPECTOR_PATH } from './lazy-inspector.ts'
import { type ProofOptions, type ServedProvider, servedProviders } from './served-providers.ts'
import { createWebhooks, type WebhooksOptions } from './webhooks.ts'

const SECOND_MS = 1000

/** The options of `callstate serve`. */
export interface ServeOptions extends ProofOptions, WebhooksOptions, DatabaseOptions {
  /** The providers to serve; where none is named, all those that a proof is set for. */
  readonly provider?: readonly string[]
  readonly port: number
  readonly host: string
  /** The file of what else decides how calls are folded. */
  readonly options?: string
  /** Whether providers are asked about overdue calls. */
  readonly poll: boolean
  /** How often to look for overdue calls, in seconds. */
  readonly pollEvery?: number
  /** Fields of messages that are not kept, separated by commas. */
  readonly redact?: string
  readonly log: LogFormat
  readonly verbose: boolean
}

/** A server that takes webhooks in. */
export interface Serving {
  readonly address: string
  /** Ends the server, then what it started, then the database. */
  stop(): Promise<void>
}

/** Runs `callstate serve` until a signal stops it, and gives its exit code. */
export async function runServe(options: ServeOptions, terminal: Terminal): Promise<number> {
  const log = createLog(terminal.stderr, options, Date.now)
  const serving = await startServing(options, terminal, { log })
  const signal = await untilStopSignal()
  log.info({ signal }, 'Stopping: running requests may end; a second signal stops at once.')
  await serving.stop()
  log.info({}, 'Stopped.')
  return 0
}

/** Starts the server. Throws a `UsageError` where an option, the database or the port is wrong. */
export async function startServing(
  options: ServeOptions,
  { env, stdout }: Pick<Terminal, 'env' | 'stdout'>,
  { log, now = Date.now }: { readonly log: Logger; readonly now?: () => number },
): Promise<Serving> {
  const token = tokenOf(options.host, env, 'the read API')
  const redacted = options.redact === undefined ? [] : fieldsOf(options.redact)
  const providers = await chooseProviders(options.provider ?? [])
  const served = servedProviders(providers, options, env)
  const { known } = providers
  const service = await loadServiceOptions(options.options, known)
  // The port goes first: where it is taken, no database is made.
  const gate = createGate()
  const server = await startServer(gate.fetch, options)
  const ends = [server.stop]
  const stop = async () => {
    for (const end of ends) await end()
  }
  try {
    const { tracker, database, close } = await openTracker(options, {
      create: true,
      providers: known,
      service,
      now,
      logger: log,
      redact: redacted,
    })
    ends.push(close)
    const webhooks = checked(() => createWebhooks(tracker, served, options, redacted))
    ends.push(async () => webhooks.close())
    const inspector = createLazyInspector(tracker, {
      name: nameOf(database),
      providers: known,
      token,
    })
    // Pages that watch would hold the server up.
    ends.unshift(inspector.close)
    const app = createApp({ served, handler: webhooks.handler, tracker, token, inspector })
    const fetchers = options.poll ? fetchersOf(known, env) : []
    gate.open(app.fetch)
    const { address } = server
    log.info({}, `Calls are kept in ${database}.`)
    announce(served, address, log)
    if (options.record !== undefined)
      log.info({}, 'Deliveries are recorded; they may hold personal data.')
    poll(tracker, fetchers, options)
    const readers = token === null ? 'requests made to this machine itself' : 'who has the token'
    log.info({}, `The read API at ${address}/ answers ${readers}.`)
    log.info({}, `See the calls: ${address}${INSPECTOR_PATH}/${token === null ? '' : '?token=…'}`)
    await write(stdout, `${address}\n`)
    return { address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Fetch = Parameters<typeof startServer>[0]

/** Answers that it is too early until it is opened: providers then deliver again. */
function createGate(): { readonly fetch: Fetch; open(fetch: Fetch): void } {
  let inside: Fetch = () => new Response(null, { status: 503, headers: { 'retry-after': '1' } })
  return {
    fetch: (request, env) => inside(request, env),
    open(fetch) {
      inside = fetch
    },
  }
}

/** A database as the page's head has it: of a file its name alone. */
function nameOf(database: string): string {
  const [, path] = /^"(.*)"$/.exec(database) ?? []
  return path === undefined ? database : basename(path)
}

function fieldsOf(text: string): readonly string[] {
  const fields = text.split(',').map((field) => field.trim())
  if (fields.every((field) => field !== '' && field.split('.').every((name) => name !== ''))) {
    return fields
  }
  throw new UsageError(
    'expected --redact to be fields such as transcript,telephony_data.to_number, got something else.',
  )
}

function announce(served: readonly ServedProvider[], address: string, log: Logger): void {
  for (const one of served) {
    const where = `${printable(one.provider.title)} webhooks go to ${address}${webhookPath(one)}`
    if (one.proofs.length > 0)
      log.info({}, `${where}; each must bring ${one.proofs.join(' and ')}.`)
    else log.warn({}, `${where}, and are taken from WHOEVER reaches that address, without a proof.`)
  }
}

function poll(
  { poll: start, logger }: Tracker,
  fetchers: readonly Fetcher[],
  options: ServeOptions,
): void {
  if (fetchers.length === 0) {
    const why = options.poll ? 'no API key is set' : '--no-poll says so'
    logger.info({}, `Providers are not asked about overdue calls: ${why}.`)
    return
  }
  const { pollEvery } = options
  start({ fetchers, ...(pollEvery !== undefined && { everyMs: pollEvery * SECOND_MS }) })
  const names = fetchers.map(({ provider }) => provider).join(', ')
  logger.info({}, `Asked about overdue calls: ${names}.`)
}

function checked<Made>(make: () => Made): Made {
  try {
    return make()
  } catch (error) {
    if (isTrackerError(error) && error.code === 'invalid-option')
      throw new UsageError(error.message)
    throw error
  }
}
