import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** A command line that runs as a process of its own, and has said its address. */
export interface CliProcess extends AsyncDisposable {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly address: string
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** What it has written so far. */
  stdout(): string
  stderr(): string
}

/** Starts a command that serves, with this on its standard input, and waits for the address that it prints. */
export async function startCli(args: readonly string[], input = ''): Promise<CliProcess> {
  const child = spawn(process.execPath, ['--conditions=@callstate/source', MAIN, ...args])
  child.stdin.end(input)
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      written[name] += text
    })
  }
  const line = once(createInterface(child.stdout), 'line') as Promise<[string]>
  const [address] = await Promise.race([
    line,
    ended.then((): never => {
      throw new Error(`It did not start: ${written.stderr}`)
    }),
  ])
  return {
    child,
    address,
    ended,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
