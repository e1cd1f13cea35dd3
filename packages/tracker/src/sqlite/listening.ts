import type { Engine } from './engine.ts'

/** How long it takes at most until what another process has stored is heard of, in ms. */
export const LISTEN_INTERVAL_MS = 250

/** Who wants to know of what other connections store in the file. */
export interface Listening {
  listen(listener: () => void): () => void
  stop(): void
}

/**
 * Looks at the version of the data a few times a second while somebody listens: a number that SQLite
 * keeps in memory and that changes with what another connection commits. It keeps no process alive.
 */
export function createListening(engine: Engine): Listening {
  const listeners = new Set<() => void>()
  let timer: NodeJS.Timeout | undefined
  let version: unknown

  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
  }
  const look = (): void => {
    const before = version
    version = versionOf(engine) ?? before
    if (version !== before) for (const listener of listeners) listener()
  }

  return {
    stop,
    listen(listener) {
      const own = () => listener()
      listeners.add(own)
      if (timer === undefined) {
        version = versionOf(engine)
        timer = setInterval(look, LISTEN_INTERVAL_MS)
        timer.unref()
      }
      return () => {
        listeners.delete(own)
        if (listeners.size === 0) stop()
      }
    },
  }
}

/** Undefined where it cannot be read now; the next look may find it. */
function versionOf(engine: Engine): unknown {
  try {
    return engine.single((statements) => statements.get('PRAGMA data_version'))?.['data_version']
  } catch {
    return undefined
  }
}
