import { Worker } from 'node:worker_threads'
import type { ChosenProviders } from '../providers/choose-providers.ts'
import type { BufferPool } from './line-blocks.ts'
import { type BlockReport, readBlock } from './read-block.ts'
import type { WorkerReply, WorkerRequest, WorkerSettings } from './worker.ts'

/** Blocks that are read here before workers are started: a small log is done before they would be up. */
const BLOCKS_BEFORE_WORKERS = 4

/** Blocks that wait for one worker at most; beyond, this thread reads a block itself. */
const BLOCKS_PER_WORKER = 2

/** Blocks that may be read before the oldest of them is done. */
const BLOCKS_AHEAD = 2

/** Reads blocks, on this thread and on worker threads. */
export interface BlockReaders {
  /** Blocks to hand out before the first answer is awaited: it bounds what is in memory. */
  readonly depth: number
  /** Reads a block; its memory goes back to the pool. */
  read(block: Buffer): Promise<BlockReport>
  close(): Promise<void>
}

/** How blocks are read. */
export interface ReaderSettings {
  readonly providers: ChosenProviders
  /** Bytes that a line may have, its line end not counted. */
  readonly maxLineBytes: number
  /** Worker threads; 0 reads everything on this one. */
  readonly workers: number
}

/** Readers with this many workers; with 0 every block is read on this thread. */
export function createBlockReaders(
  { workers, maxLineBytes, providers }: ReaderSettings,
  pool: BufferPool,
): BlockReaders {
  const settings: WorkerSettings = { providers: providers.words, maxLineBytes }
  const started: WorkerThread[] = []
  let blocks = 0
  const idlest = () =>
    started.reduce<WorkerThread | null>(
      (idle, other) => (idle !== null && idle.waiting() <= other.waiting() ? idle : other),
      null,
    )
  return {
    depth: workers * BLOCKS_PER_WORKER + BLOCKS_AHEAD,
    async read(block) {
      if (++blocks === BLOCKS_BEFORE_WORKERS) {
        while (started.length < workers) started.push(startWorker(settings))
      }
      const worker = idlest()
      if (worker === null || worker.waiting() >= BLOCKS_PER_WORKER) {
        const report = await readBlock(block, providers, maxLineBytes)
        pool.give(block.buffer)
        return report
      }
      const reply = await worker.read(block)
      pool.give(reply.buffer)
      return JSON.parse(reply.report) as BlockReport
    },
    async close() {
      await Promise.all(started.map((worker) => worker.stop()))
    },
  }
}

interface WorkerThread {
  waiting(): number
  read(block: Buffer): Promise<WorkerReply>
  stop(): Promise<unknown>
}

interface Asked {
  readonly resolve: (reply: WorkerReply) => void
  readonly reject: (reason: Error) => void
}

function startWorker(settings: WorkerSettings): WorkerThread {
  // The sources run as they are in tests; the package holds the built file.
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
  const worker = new Worker(new URL(file, import.meta.url), { workerData: settings })
  // A worker answers in the order in which it was asked.
  const asked: Asked[] = []
  let isUp = false
  worker.once('online', () => {
    isUp = true
  })
  const fail = (error: Error) => {
    for (const { reject } of asked.splice(0)) reject(error)
  }
  worker.on('message', (reply: WorkerReply) => asked.shift()?.resolve(reply))
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('a worker thread ended before its time')))
  return {
    // Until it is up, this thread is faster: the blocks would wait, and this thread for them.
    waiting: () => (isUp ? asked.length : Number.POSITIVE_INFINITY),
    read(block) {
      return new Promise((resolve, reject) => {
        asked.push({ resolve, reject })
        const buffer = block.buffer as ArrayBuffer
        const request: WorkerRequest = { buffer, bytes: block.length }
        worker.postMessage(request, [buffer])
      })
    },
    stop: () => worker.terminate(),
  }
}
