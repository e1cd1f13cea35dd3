import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { Finding } from './finding.ts'

/** Invalid lines that are kept in memory; the rest goes to a temporary file. */
export const KEPT_INVALID_LINES = 10_000

const SPILL_BYTES = 64 * 1024

export type InvalidLine = Omit<Finding, 'kind'>

/**
 * The lines of a log that no event could be read from, in order. Of a log that is all damage only the
 * first ones are in memory; `keepAll: false` counts the others and forgets them.
 */
export class InvalidLog {
  count = 0
  readonly #kept: InvalidLine[] = []
  readonly #limit: number
  readonly #keepAll: boolean
  #pending: string[] = []
  #pendingBytes = 0
  #spill: { readonly folder: string; readonly descriptor: number } | null = null

  constructor({ keepAll, limit = KEPT_INVALID_LINES }: { keepAll: boolean; limit?: number }) {
    this.#keepAll = keepAll
    this.#limit = limit
  }

  add(invalid: InvalidLine): void {
    this.count++
    if (this.#kept.length < this.#limit) this.#kept.push(invalid)
    else if (this.#keepAll) this.#write(invalid)
  }

  /** Every line that was kept, in the order in which it was added. */
  *entries(): Generator<InvalidLine> {
    yield* this.#kept
    for (const text of this.#spilled()) yield JSON.parse(text) as InvalidLine
  }

  /** Removes the temporary file, if there is one. */
  close(): void {
    if (this.#spill === null) return
    closeSync(this.#spill.descriptor)
    removeFolder(this.#spill.folder)
    this.#spill = null
  }

  #write(invalid: InvalidLine): void {
    const text = `${JSON.stringify(invalid)}\n`
    this.#pending.push(text)
    this.#pendingBytes += text.length
    if (this.#pendingBytes >= SPILL_BYTES) this.#flush()
  }

  #flush(): void {
    if (this.#spill === null) {
      const folder = mkdtempSync(join(tmpdir(), 'callstate-invalid-'))
      const descriptor = openSync(join(folder, 'invalid.ndjson'), 'wx+', 0o600)
      this.#spill = { folder, descriptor }
      // An open file can be removed at once, so that nothing stays behind if the run is cut short.
      // Where the system refuses (Windows), `close` does it.
      removeFolder(folder)
    }
    writeSync(this.#spill.descriptor, this.#pending.join(''))
    this.#pending = []
    this.#pendingBytes = 0
  }

  *#spilled(): Generator<string> {
    if (this.#spill !== null) {
      const chunk = Buffer.alloc(SPILL_BYTES)
      const decoder = new StringDecoder('utf8')
      let rest = ''
      for (let at = 0; ; ) {
        const bytes = readSync(this.#spill.descriptor, chunk, 0, chunk.length, at)
        if (bytes === 0) break
        at += bytes
        const lines = (rest + decoder.write(chunk.subarray(0, bytes))).split('\n')
        rest = lines.pop() ?? ''
        yield* lines
      }
    }
    yield* this.#pending
  }
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // A file left in the temporary folder is no reason to fail.
  }
}
