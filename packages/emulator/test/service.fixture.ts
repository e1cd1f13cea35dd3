import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createFetcher,
  createTracker,
  createWebhookHandler,
  type Store,
  type WebhookHandler,
} from '@callstate/tracker'
import { getRequestListener } from '@hono/node-server'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import {
  type Emulator,
  type EmulatorOptions,
  SOURCE_ADDRESS_HEADER,
  startEmulator,
} from '../src/index.ts'

const HOUR_MS = 3_600_000
const FAST_PER_MINUTE = 1_000_000
const SIGNING_SECRET = 'secret of the tests'

/**
 * A service as a user has one, over real HTTP: webhook handlers, a tracker, fetchers; and the providers
 * that it knows, emulated on the step clock. Every webhook must be proven.
 */
export async function startService(store: Store, options: EmulatorOptions) {
  let handle: WebhookHandler | undefined
  const bodies: { readonly provider: string; readonly body: unknown }[] = []
  const server = createServer(
    getRequestListener(async (request) => {
      const provider = new URL(request.url).pathname.split('/').at(-1) ?? ''
      bodies.push({ provider, body: await request.clone().json() })
      // No test can send from a provider's address: the header says which one is meant.
      const remoteAddress = request.headers.get(SOURCE_ADDRESS_HEADER) ?? undefined
      return handle?.(request, { remoteAddress }) ?? new Response(null, { status: 404 })
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const emulator: Emulator = await startEmulator({
    clock: 'step',
    webhooks: {
      bolna: { url: `${url}/webhooks/bolna` },
      dialgen: { url: `${url}/webhooks/dialgen`, keys: SIGNING_SECRET },
    },
    ...options,
  })
  const tracker = createTracker({
    store,
    providers: [bolna, dialgen],
    now: emulator.now,
    // Where all is lost but the reply, nothing else would ever make anybody ask.
    budgets: { queued: HOUR_MS },
  })
  handle = createWebhookHandler(tracker, {
    origins: { bolna: {}, dialgen: { keys: SIGNING_SECRET } },
  })
  const poller = tracker.poll({
    fetchers: [
      createFetcher(bolna, { key: 'any', baseUrl: emulator.at('bolna').url }),
      createFetcher(dialgen, { key: 'any', baseUrl: emulator.at('dialgen').url }),
    ],
    everyMs: null,
    // As fast as it goes: the limits of the providers hold by the emulator's clock, which stands still.
    perMinute: { bolna: FAST_PER_MINUTE, dialgen: FAST_PER_MINUTE },
  })
  return {
    emulator,
    tracker,
    poller,
    /** Where webhooks go, under the name of their provider. */
    url,
    /** Every body that came, and whose it was. */
    bodies,
    async [Symbol.asyncDispose]() {
      await emulator.stop()
      await tracker.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
