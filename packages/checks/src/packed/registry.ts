import { once } from 'node:events'
import { Server } from 'node:http'
import { join } from 'node:path'
import { runServer } from 'verdaccio'
import { mustRun } from '../command.ts'

/** A registry of npm packages on this machine. */
export interface Registry {
  readonly url: string
  /** Takes a packed package in, as `npm publish` hands it over. */
  publish(tarball: string): Promise<void>
  stop(): Promise<void>
}

const HOST = '127.0.0.1'

/**
 * Starts a registry that keeps what is published in a folder and asks npm's configured registry for every
 * other package.
 */
export async function startRegistry(folder: string): Promise<Registry> {
  const elsewhere = (await mustRun('npm', ['config', 'get', 'registry'])).trim()
  const ours = { access: '$all', publish: '$all' }
  const server: unknown = await runServer({
    self_path: join(folder, 'config.yaml'),
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: { elsewhere: { url: elsewhere } },
    // Ours come from here or from nowhere.
    packages: {
      callstate: ours,
      '@callstate/*': ours,
      '**': { access: '$all', publish: [], proxy: 'elsewhere' },
    },
    web: { enable: false },
    log: { type: 'stdout', format: 'pretty', level: 'warn' },
  })
  if (!(server instanceof Server)) throw new Error('The registry is no HTTP server.')
  server.listen(0, HOST)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The registry has no port.')
  const place = `//${HOST}:${address.port}/`
  const url = `http:${place}`
  return {
    url,
    async publish(tarball) {
      // npm wants to know who publishes; the registry does not.
      const anybody = `--${place}:_authToken=anybody`
      await mustRun('npm', ['publish', tarball, '--registry', url, anybody])
    },
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
