import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A receiver that takes everything and does nothing with it. */
export interface SilentReceiver extends AsyncDisposable {
  /** Where it listens, on this machine alone. */
  readonly url: string
}

/** Starts a receiver for webhooks that nobody waits for: then they can still be written to a file. */
export async function startSilentReceiver(): Promise<SilentReceiver> {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(200).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
