import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '@callstate/checks/command'
import { bolnaCall, type Delivery, seededRandom } from './bolna-call.ts'

const SEED = 20_260
/** A call begins this often, so that some hundreds of calls are under way at any time. */
const CALL_EVERY_MS = 1_000
/** One delivery in so many comes twice, as networks do it. */
const REPEAT_ONE_IN = 100
const CHUNK_BYTES = 1_000_000

/**
 * Writes a log of Bolna webhooks, one body a line, calls interleaved by time, and returns its path.
 * The same size always gives the same log; one that is there from an earlier run is used again.
 */
export function makeLog(bytes: number): string {
  const folder = join(ROOT, '.bench')
  const path = join(folder, `bolna-${Math.round(bytes / 1e6)}mb-${fingerprint()}.ndjson`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const unfinished = `${path}.part`
  const file = openSync(unfinished, 'w')
  let chunk = ''
  let written = 0
  for (const line of lines()) {
    chunk += line
    if (chunk.length >= CHUNK_BYTES || written + chunk.length >= bytes) {
      written += writeSync(file, chunk)
      chunk = ''
      if (written >= bytes) break
    }
  }
  closeSync(file)
  renameSync(unfinished, path)
  return path
}

/** Every webhook of endlessly many calls, in the order of time. */
function* lines(): Generator<string> {
  const random = seededRandom(SEED)
  const due: Delivery[] = []
  for (let start = Date.UTC(2026, 0, 5, 9); ; start += CALL_EVERY_MS) {
    while (due[0] !== undefined && due[0].at <= start) {
      const { body } = due.shift() as Delivery
      yield `${body}\n`
      if (random() < 1 / REPEAT_ONE_IN) yield `${body}\n`
    }
    for (const delivery of bolnaCall(random, start)) {
      due.splice(placeOf(due, delivery.at), 0, delivery)
    }
  }
}

/** The place after every delivery that is not later than `at`. */
function placeOf(due: readonly Delivery[], at: number): number {
  let low = 0
  let high = due.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((due[middle] as Delivery).at <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** Tells logs of different versions of this generator apart. */
function fingerprint(): string {
  const sources = ['make-log.ts', 'bolna-call.ts'].map((name) =>
    readFileSync(fileURLToPath(new URL(name, import.meta.url))),
  )
  return createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 8)
}
