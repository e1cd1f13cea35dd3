import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A process of its own that runs one of the TypeScript files beside this one. */
export interface NodeProcess {
  /** The next line that it prints; null where it has ended. */
  line(): Promise<string | null>
  /** Gives it a line to read. */
  tell(line: string): void
  /** Ends it with SIGKILL: it gets no chance to do anything. */
  kill(): void
  /** False as soon as it was killed, also while it still ends. */
  readonly isAlive: boolean
  /** Resolves when it has ended, with its exit code; null where it was killed. */
  readonly ended: Promise<number | null>
}

/** Starts a file with one argument, which is passed as JSON. What it prints as an error is printed here. */
export function startNode(file: string, argument: unknown): NodeProcess {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const args = ['--conditions=@callstate/source', path, JSON.stringify(argument)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  // Its end of the pipe may be gone.
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = exitOf(child)
  return {
    async line() {
      const next = await lines.next()
      return next.done === true ? null : next.value
    },
    tell: (line) => void child.stdin.write(`${line}\n`),
    kill: () => void child.kill('SIGKILL'),
    get isAlive() {
      return !child.killed && child.exitCode === null && child.signalCode === null
    },
    ended,
  }
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit')
  return code
}
