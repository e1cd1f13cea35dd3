import { on } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { chooseProviders } from '../providers/choose-providers.ts'
import { readBlock } from './read-block.ts'

/** How a worker reads; plain data. */
export interface WorkerSettings {
  /** What `--provider` says: providers are functions, so that a worker loads them by itself. */
  readonly providers: readonly string[]
  readonly maxLineBytes: number
}

/** A block on its way to a worker. Its memory moves with it. */
export interface WorkerRequest {
  readonly buffer: ArrayBuffer
  readonly bytes: number
}

/** The answer; the block's memory comes back for the next one. */
export interface WorkerReply {
  readonly buffer: ArrayBuffer
  /** A `BlockReport` as JSON, which takes less time than cloning so many small values. */
  readonly report: string
}

const { providers: words, maxLineBytes }: WorkerSettings = workerData
const providers = await chooseProviders(words)

if (parentPort !== null) {
  // One after the other, so that they are answered in the order in which they came.
  for await (const [{ buffer, bytes }] of on(parentPort, 'message') as AsyncIterable<
    [WorkerRequest]
  >) {
    const report = await readBlock(Buffer.from(buffer, 0, bytes), providers, maxLineBytes)
    const reply: WorkerReply = { buffer, report: JSON.stringify(report) }
    parentPort.postMessage(reply, [buffer])
  }
}
