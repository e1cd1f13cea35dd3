import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '@callstate/checks/command'
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

/** The programs over the same log, each in a process of its own, by turns. */
export async function benchCheck(logBytes: number, rounds: number): Promise<Section> {
  const log = makeLog(logBytes)
  const programs = {
    loop: [beside('bare-loop.ts'), log],
    text: [COMMAND, 'check', log],
    json: [COMMAND, 'check', log, '--format', 'json'],
  } as const

  // The first runs bring the log into the page cache and tell what both saw.
  const { totals } = JSON.parse((await runNode(programs.json, 'pipe')).stdout)
  const lines = Number((await runNode(programs.loop, 'pipe')).stdout)
  if (totals.lines !== lines) throw new Error(`check saw ${totals.lines} lines of ${lines}.`)
  if (totals.invalid !== 0) throw new Error(`check found ${totals.invalid} invalid lines.`)

  const runs: Record<keyof typeof programs, Run[]> = { loop: [], text: [], json: [] }
  for (let round = 0; round < rounds; round++) {
    runs.loop.push(await runNode(programs.loop, 'ignore'))
    runs.text.push(await runNode(programs.text, 'ignore'))
    runs.json.push(await runNode(programs.json, 'ignore'))
  }
  const loop = secondsOf('readline and JSON.parse', runs.loop)
  const text = secondsOf('callstate check', runs.text)
  const json = secondsOf('callstate check --format json', runs.json)
  const peak = (of: readonly Run[]) => figureOf(of.map(({ peakBytes }) => peakBytes / 1e6)).median
  const atMost = (BASE_BYTES + BYTES_PER_CALL * totals.calls) / 1e6
  return {
    title: 'callstate check',
    unit: 'seconds',
    note: `${(statSync(log).size / 1e6).toFixed(0)} MB, ${lines} lines, ${totals.calls} calls. The bare loop peaks at ${peak(runs.loop).toFixed(0)} MB.`,
    sides: [loop, text, json],
    comparisons: [
      { name: 'callstate check ÷ bare loop', ratio: ratioOf(text, loop), aim: { atMost: 1 } },
      { name: 'the same with --format json', ratio: ratioOf(json, loop), aim: null },
    ],
    ceilings: [
      { name: 'peak memory of callstate check', value: peak(runs.text), atMost, unit: 'MB' },
      { name: 'the same with --format json', value: peak(runs.json), atMost, unit: 'MB' },
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
