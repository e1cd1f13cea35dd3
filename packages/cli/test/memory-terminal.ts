import { Readable, Writable } from 'node:stream'
import type { Terminal } from '../src/command/terminal.ts'
import { run } from '../src/run.ts'

/** What a run in this process wrote and how it ended. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly stdin?: string | Uint8Array
  /** Which of the streams are terminals. */
  readonly terminals?: readonly ('stdin' | 'stdout' | 'stderr')[]
  readonly env?: Terminal['env']
}

/** Runs a command line in this process with streams in memory. */
export async function runHere(
  args: readonly string[],
  { stdin = '', terminals = [], env = {} }: Surroundings = {},
): Promise<Ran> {
  const written = { stdout: '', stderr: '' }
  const sink = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        decodeStrings: false,
        write(chunk, _encoding, done) {
          written[name] += chunk
          done()
        },
      }),
      { isTTY: terminals.includes(name) },
    )
  const input = Object.assign(Readable.from([Buffer.from(stdin)], { objectMode: false }), {
    isTTY: terminals.includes('stdin'),
  })
  const code = await run(args, {
    stdin: input,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env,
  })
  return { code, ...written }
}
