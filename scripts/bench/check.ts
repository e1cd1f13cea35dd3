import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../command.ts'
import { makeLog } from './make-log.ts'
import { figureOf, type Measured, ratioOf } from './measure.ts'
import type { Section } from './report.ts'

const BASE_BYTES = 300e6
const BYTES_PER_CALL = 500

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const COMMAND = join(ROOT, 'packages/cli/dist/main.js')

interface Run {
  readonly seconds: number
  readonly peakBytes: number
  readonly stdout: string
}

/** Both programs over the same log, each in a process of its own, by turns. */
export async function benchCheck(logBytes: number, rounds: number): Promise<Section> {
  const log = makeLog(logBytes)
  const bareLoop = [beside('bare-loop.ts'), log]
  const checking = [COMMAND, 'check', log, '--format', 'json']

  // The first runs bring the log into the page cache and tell what both saw.
  const { totals } = JSON.parse((await runNode(checking, 'pipe')).stdout)
  const lines = Number((await runNode(bareLoop, 'pipe')).stdout)
  if (totals.lines !== lines) throw new Error(`check saw ${totals.lines} lines of ${lines}.`)
  if (totals.invalid !== 0) throw new Error(`check found ${totals.invalid} invalid lines.`)

  const bareRuns: Run[] = []
  const checkRuns: Run[] = []
  for (let round = 0; round < rounds; round++) {
    bareRuns.push(await runNode(bareLoop, 'ignore'))
    checkRuns.push(await runNode(checking, 'ignore'))
  }
  const sides = [
    secondsOf('readline and JSON.parse', bareRuns),
    secondsOf('callstate check', checkRuns),
  ]
  const [bareSeconds, checkSeconds] = sides as [Measured, Measured]
  const peak = (runs: readonly Run[]) =>
    figureOf(runs.map(({ peakBytes }) => peakBytes / 1e6)).median
  return {
    title: 'callstate check',
    unit: 'seconds',
    note: `${(statSync(log).size / 1e6).toFixed(0)} MB, ${lines} lines, ${totals.calls} calls. The bare loop peaks at ${peak(bareRuns).toFixed(0)} MB.`,
    sides,
    comparisons: [
      {
        name: 'callstate check ÷ bare loop',
        ratio: ratioOf(checkSeconds, bareSeconds),
        aim: { atMost: 1 },
      },
    ],
    ceilings: [
      {
        name: 'peak memory of callstate check',
        value: peak(checkRuns),
        atMost: (BASE_BYTES + BYTES_PER_CALL * totals.calls) / 1e6,
        unit: 'MB',
      },
    ],
  }
}

function secondsOf(name: string, runs: readonly Run[]): Measured {
  return { name, values: runs.map(({ seconds }) => seconds) }
}

/** Runs a program under Node and measures it; what it prints is kept or thrown away. */
function runNode(args: readonly string[], printing: 'pipe' | 'ignore'): Promise<Run> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', beside('peak-memory.ts'), ...args], {
      stdio: ['ignore', printing, 'inherit', 'pipe'],
    })
    const printed = gather(child.stdio[1])
    const memory = gather(child.stdio[3])
    child.on('error', reject)
    child.on('close', (code) => {
      const seconds = (performance.now() - start) / 1000
      if (code !== 0) reject(new Error(`${args.join(' ')} ended with code ${code}.`))
      // Node reports kibibytes on every system.
      else resolve({ seconds, peakBytes: Number(memory()) * 1024, stdout: printed() })
    })
  })
}

function gather(stream: unknown): () => string {
  const chunks: Buffer[] = []
  const readable = stream as NodeJS.ReadableStream | null
  readable?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}
