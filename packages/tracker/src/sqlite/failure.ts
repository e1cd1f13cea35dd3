import { TrackerError } from '../error.ts'

/** What the primary result codes that an operator can do something about mean. */
const MEANINGS: Readonly<Record<number, readonly [name: string, advice: string]>> = {
  5: ['SQLITE_BUSY', 'another connection kept the file locked for too long; try again'],
  6: ['SQLITE_LOCKED', 'the same connection has a table in use; try again'],
  8: ['SQLITE_READONLY', 'the file may only be read; give this process the right to write'],
  10: ['SQLITE_IOERR', 'the file could not be read or written; look at the disk'],
  11: ['SQLITE_CORRUPT', 'the file is damaged; restore a backup'],
  13: ['SQLITE_FULL', 'there is no space left; make room, then try again'],
  14: ['SQLITE_CANTOPEN', 'the file could not be opened; look at its path and its folder'],
  26: ['SQLITE_NOTADB', 'the file is no SQLite database; look at its path'],
}

/** The engine's error as the tracker's, without the engine's words: these may quote a value. */
export function storeFailure(cause: unknown): TrackerError {
  const { code, errcode } = Object(cause) as { readonly code?: unknown; readonly errcode?: unknown }
  const meaning =
    typeof errcode === 'number'
      ? // The low byte is the primary code; the rest says more about it.
        MEANINGS[errcode & 0xff]
      : Object.values(MEANINGS).find(([name]) => typeof code === 'string' && isKind(code, name))
  const [name, advice] = meaning ?? ['', 'its own error is the cause of this one']
  const what = name === '' ? '' : ` (${name})`
  return new TrackerError('store-failed', `SQLite failed${what}: ${advice}.`, { cause })
}

function isKind(code: string, name: string): boolean {
  return code === name || code.startsWith(`${name}_`)
}
