import { sleep } from '../sleep.ts'
import type { Store } from '../store.ts'
import type { PostgresConnection, PostgresPool } from './session.ts'
import type { TableNames } from './table-names.ts'

/** At least so long between two notifications of one process: whoever commits one holds up all others. */
const NOTIFY_EVERY_MS = 100
/** How long to wait before a connection that was lost is made anew. */
const RECONNECT_MS = 1000
/** A pool of one connection needs it for statements. */
const FEWEST_CONNECTIONS = 2

/** Tells other processes that something was stored, and is told so by them. */
export interface StoredSignal extends Pick<Store, 'onStored'> {
  /** To be called after a batch was committed. */
  tell(): void
  /** Stops; resolves when nothing is under way any more. */
  close(): Promise<void>
}

/**
 * `NOTIFY` and `LISTEN` on a channel that the database names. Notifications are no part of a
 * transaction that writes: committing one takes a lock that all of the server's databases share. Both
 * are best effort, as `onStored` says: what fails is tried again with the next.
 */
export function createStoredSignal(pool: PostgresPool, names: TableNames): StoredSignal {
  const channel = `select 'callstate_' || value as channel from ${names.meta} where name = 'database'`
  const teller = createTeller(async () => {
    await pool.query(`select pg_notify(channel, '') from (${channel}) as own`)
  })
  const ear = createEar(pool, channel)
  return {
    tell: teller.tell,
    onStored: ear.onStored,
    async close() {
      await Promise.all([teller.close(), ear.close()])
    },
  }
}

/** Does something soon after it was asked to, at most once in `NOTIFY_EVERY_MS`. */
function createTeller(notify: () => Promise<void>) {
  let timer: NodeJS.Timeout | null = null
  let isWanted = false
  let running: Promise<void> = Promise.resolve()

  function start(): void {
    isWanted = false
    running = notify().catch(() => {})
    timer = setTimeout(() => {
      timer = null
      if (isWanted) start()
    }, NOTIFY_EVERY_MS)
    timer.unref()
  }

  return {
    tell() {
      if (timer === null) start()
      else isWanted = true
    },
    async close() {
      if (timer !== null) clearTimeout(timer)
      await running
      if (isWanted) await notify().catch(() => {})
      isWanted = false
    },
  }
}

/** Listens on a connection of its own for as long as somebody wants to be told. */
function createEar(pool: PostgresPool, channel: string) {
  const listeners = new Set<() => void>()
  let listening: Listening | null = null

  function stopWhenIdle(): Promise<void> {
    if (listeners.size > 0 || listening === null) return Promise.resolve()
    const stopped = listening.stop()
    listening = null
    return stopped
  }

  return {
    onStored(listener: () => void): () => void {
      // The same function may be handed in twice.
      const own = () => listener()
      listeners.add(own)
      listening ??= listen(pool, channel, () => {
        for (const one of listeners) one()
      })
      return () => {
        listeners.delete(own)
        void stopWhenIdle()
      }
    },
    close(): Promise<void> {
      listeners.clear()
      return stopWhenIdle()
    },
  }
}

interface Listening {
  stop(): Promise<void>
}

function listen(pool: PostgresPool, channel: string, onNotified: () => void): Listening {
  const ending = new AbortController()
  const { signal } = ending
  const done = (async () => {
    while (!signal.aborted && canListen(pool)) {
      await listenOnce(pool, channel, onNotified, signal).catch(() => {})
      if (!signal.aborted) await sleep(RECONNECT_MS, signal)
      // Something may have been stored meanwhile.
      if (!signal.aborted) onNotified()
    }
  })()
  return {
    async stop() {
      ending.abort()
      await done
    },
  }
}

/** Whether this is a pool, and not one connection, and can spare one. */
function canListen({ connect, options }: PostgresPool): boolean {
  return connect !== undefined && (options?.max ?? 0) >= FEWEST_CONNECTIONS
}

async function takeConnection(pool: PostgresPool): Promise<PostgresConnection> {
  const connection = await pool.connect?.()
  if (!isConnection(connection)) throw new Error('The pool gave no connection.')
  return connection
}

function isConnection(value: unknown): value is PostgresConnection {
  const needed = ['query', 'on', 'release']
  return needed.every((name) => typeof Reflect.get(Object(value), name) === 'function')
}

/** Resolves when the connection is gone, or is no longer wanted. */
async function listenOnce(
  pool: PostgresPool,
  channel: string,
  onNotified: () => void,
  signal: AbortSignal,
): Promise<void> {
  const connection = await takeConnection(pool)
  const gone = whenGone(connection, signal)
  connection.on('notification', onNotified)
  try {
    const { rows } = await connection.query(channel)
    await connection.query(`listen "${String(rows[0]?.['channel'])}"`)
    onNotified()
    await gone
  } finally {
    // Ended, and not given back: whoever gets it next does not want to be notified.
    connection.release(true)
  }
}

function whenGone(connection: PostgresConnection, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => resolve()
    connection.on('error', end)
    connection.on('end', end)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) resolve()
  })
}
